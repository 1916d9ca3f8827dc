// How a chain ends in a sink, a concrete type inside the chain's loop.
#pragma once

#include "operators/task.hpp"

#include <concepts>

namespace weir {

namespace detail {

/// With the checkpoint it is for, if the sink wants to know.
template <class S>
std::optional<operator_snapshot> snapshot_of(S& sink, checkpoint_id id) {
  if constexpr (requires { sink.snapshot(id); })
    return sink.snapshot(id);
  else
    return sink.snapshot();
}

} // namespace detail

/// What a sink's instance for one subtask must offer. `snapshot()` or `snapshot(id)`
/// returns what to save at a barrier (everything written so far must be covered by it);
/// `start` gets it back. One that has `completed(id)` hears of every checkpoint that
/// exists, or of a later one.
template <class S, class T>
concept sink_instance = requires(S sink, const T& record, const operator_start& from) {
  sink.start(from);
  sink.write(record);
  sink.flush();
  {
    detail::snapshot_of(sink, checkpoint_id())
    } -> std::same_as<std::optional<operator_snapshot>>;
  sink.finish();
};

template <class T, sink_instance<T> Sink>
class sink_end {
public:
  static constexpr bool congestible = false;

  sink_end(std::string name, Sink sink, task_counters* counters)
      : name_(std::move(name)), sink_(std::move(sink)),
        written_(counters, task_count::rows_written, task_count::bytes_out) {}

  /// Runs a block of records with the sink in a local, where the compiler may keep what
  /// it adds up in registers.
  template <class Block>
  auto in_block(Block block) {
    Sink local = std::move(sink_);
    std::uint64_t rows = 0;
    auto result = block([&local, &rows](const T& record, auto) {
      ++rows;
      local.write(record);
    });
    sink_ = std::move(local);
    written_.template add<T>(rows, sink_);
    return result;
  }

  bool congested() const noexcept { return false; }
  void close_batches() { sink_.flush(); }
  void finish() { sink_.finish(); }

  void start(const task_start& from) {
    sink_.start(from.of(name_));
    written_.start(sink_);
  }

  void snapshot(checkpoint_id id, std::vector<operator_snapshot>& out) {
    if (auto saved = detail::snapshot_of(sink_, id)) {
      saved->operator_name = name_;
      out.push_back(std::move(*saved));
    }
  }
  void completed([[maybe_unused]] checkpoint_id id) {
    if constexpr (requires { sink_.completed(id); })
      sink_.completed(id);
  }

private:
  std::string name_;
  Sink sink_;
  moved_rows written_;
};

} // namespace weir
