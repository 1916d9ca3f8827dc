// How a chain ends: in an exchange that partitions its records by key, or in a sink. Both
// are concrete types inside the chain's loop; the only virtual call is a batch that
// leaves.
#pragma once

#include "operators/task.hpp"
#include "state/hash.hpp"
#include "state/key_group.hpp"

#include <concepts>

namespace weir {

/// Partitions records by key group to the subtasks of the next chain.
template <class T, class KeyFunction>
class hash_exchange {
  using key = std::remove_cvref_t<std::invoke_result_t<KeyFunction&, const T&>>;
  using writer = batch_writer<T, key>;

public:
  hash_exchange(const task_context& context, KeyFunction key_of)
      : context_(context), key_of_(std::move(key_of)), writers_(context.parallelism),
        writer_of_group_(context.max_parallelism) {
    for (std::uint32_t group = 0; group < context.max_parallelism; ++group)
      writer_of_group_[group] = &writers_[subtask_of(
          static_cast<key_group>(group), context.parallelism, context.max_parallelism)];
    for (writer& each : writers_)
      each.open({});
  }
  hash_exchange(hash_exchange&&) = default; // not copied: it points into itself

  [[gnu::always_inline]] void operator()(const T& record) {
    const std::uint64_t hash = hash_of(std::invoke(key_of_, record));
    writer& to = *writer_of_group_[key_group_of(hash, context_.max_parallelism)];
    if (to.push(record, hash)) [[unlikely]]
      ship(to);
  }

  template <class Block>
  auto in_block(Block block) {
    return block([this](const T& record) { (*this)(record); });
  }

  bool congested() const noexcept { return context_.outbox->congested(); }
  void start(const task_start&) {}
  void snapshot(std::vector<operator_snapshot>&) {}
  void finish() {}

  void close_batches() {
    for (writer& each : writers_)
      if (!each.empty())
        ship(each);
  }

private:
  [[gnu::noinline]] void ship(writer& from) {
    const auto channel = static_cast<out_channel>(&from - writers_.data());
    context_.outbox->ship(channel, from.close());
    from.open(context_.outbox->recycled(channel));
  }

  task_context context_;
  KeyFunction key_of_;
  std::vector<writer> writers_; // one per channel
  std::vector<writer*> writer_of_group_;
};

/// What a sink's instance for one subtask must offer. `snapshot` returns what to save at
/// a barrier (everything written so far must be covered by it); `start` gets it back.
template <class S, class T>
concept sink_instance = requires(S sink, const T& record, const operator_start& from) {
  sink.start(from);
  sink.write(record);
  sink.flush();
  { sink.snapshot() } -> std::same_as<std::optional<operator_snapshot>>;
  sink.finish();
};

template <class T, sink_instance<T> Sink>
class sink_end {
public:
  sink_end(std::string name, Sink sink)
      : name_(std::move(name)), sink_(std::move(sink)) {}

  /// Runs a block of records with the sink in a local, where the compiler may keep what
  /// it adds up in registers.
  template <class Block>
  auto in_block(Block block) {
    Sink local = std::move(sink_);
    auto result = block([&local](const T& record) { local.write(record); });
    sink_ = std::move(local);
    return result;
  }

  bool congested() const noexcept { return false; }
  void close_batches() { sink_.flush(); }
  void finish() { sink_.finish(); }

  void start(const task_start& from) { sink_.start(from.of(name_)); }

  void snapshot(std::vector<operator_snapshot>& out) {
    if (auto saved = sink_.snapshot()) {
      saved->operator_name = name_;
      out.push_back(std::move(*saved));
    }
  }

private:
  std::string name_;
  Sink sink_;
};

} // namespace weir
