// A source, the stateless steps behind it and the chain's end, as one task and one loop.
#pragma once

#include "operators/chain_end.hpp"
#include "operators/stage.hpp"

namespace weir {

/// What a source's instance for one subtask must offer. `poll` emits at most
/// `records_max` records that are due at `now`; `position` and `start` save and take back
/// where it stands.
template <class S>
concept source_instance = requires(S source, void (*emit)(const typename S::output&),
                                   std::size_t records_max, steady_time now,
                                   const operator_start& from) {
  source.start(from);
  { source.poll(emit, records_max, now) } -> std::same_as<poll_result>;
  { source.position() } -> std::same_as<std::vector<std::byte>>;
};

template <source_instance Source, class Stage, class End>
class source_chain final : public task {
public:
  source_chain(std::string name, Source source, Stage stage, End end)
      : name_(std::move(name)), source_(std::move(source)), stage_(std::move(stage)),
        end_(std::move(end)) {}

  void start(const task_start& from) override {
    source_.start(from.of(name_));
    end_.start(from);
  }

  poll_result poll(slice_budget& budget, steady_time now) override {
    poll_result result;
    while (!end_.congested()) {
      result = end_.in_block([&](auto write) {
        return source_.poll([&](const auto& record) { stage_(record, write); },
                            block_records, now);
      });
      if (result.what != poll_result::next::more || budget.spent())
        break;
    }
    return result;
  }

  void close_batches() override { end_.close_batches(); }
  void finish() override { end_.finish(); }

  std::vector<operator_snapshot> snapshot() override {
    std::vector<operator_snapshot> saved;
    saved.push_back({name_, source_.position(), {}});
    end_.snapshot(saved);
    return saved;
  }

private:
  std::string name_;
  Source source_;
  Stage stage_;
  End end_;
};

} // namespace weir
