// A source, the stateless steps behind it and the chain's end, as one task and one loop.
#pragma once

#include "operators/chain_task.hpp"

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
class source_chain final : public chain_task<Stage, End> {
  using base = chain_task<Stage, End>;

public:
  source_chain(const task_context& context, std::string name, Source source, Stage stage,
               End end)
      : base(context, std::move(stage), std::move(end)), name_(std::move(name)),
        source_(std::move(source)),
        read_(context.counters, task_count::rows_read, task_count::bytes_in) {}

  void start(const task_start& from) override {
    source_.start(from.of(name_));
    read_.start(source_);
    base::start(from);
  }

  poll_result poll(slice_budget& budget, steady_time now) override {
    poll_result result;
    while (!this->congested()) {
      std::uint64_t rows = 0;
      result = this->end_.in_block([&](auto write) {
        const auto emit = [&](const auto& record) {
          holding held(this->hand_, record);
          ++rows;
          this->stage_(record, no_time(), write);
          held.release();
        };
        return source_.poll(emit, records_max, now);
      });
      read_.template add<typename Source::output>(rows, source_);
      if (result.what != poll_result::next::more || budget.spent())
        break;
    }
    return result;
  }

  std::vector<operator_snapshot> snapshot() override {
    auto saved = base::snapshot();
    saved.push_back({name_, source_.position(), {}});
    return saved;
  }

private:
  static constexpr std::size_t records_max = base::bounded ? 1 : block_records;

  std::string name_;
  Source source_;
  moved_rows read_;
};

} // namespace weir
