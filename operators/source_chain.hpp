// A source, the stateless steps behind it and the chain's end, as one task and one loop.
#pragma once

#include "operators/chain_task.hpp"
#include "operators/read_limit.hpp"

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

namespace detail {

/// Whether a source's instance may call `emit(side, record)` beside `emit(record)`: where
/// the job reads that output it can. A source says so with a static template `emits`.
template <class Source, class Side>
constexpr bool emits_side = false;
template <class Source, class Side>
requires requires {
  Source::template emits<Side>;
}
constexpr bool emits_side<Source, Side> = Source::template emits<Side>;

template <class Sides>
struct source_sides : side_step<source_sides<Sides>, identity_stage, Sides> {};

template <class Record, class Beside>
struct source_emitter : Record, Beside {
  using Record::operator();
  using Beside::operator();
};
template <class Record, class Beside>
source_emitter(Record, Beside) -> source_emitter<Record, Beside>;

} // namespace detail

template <source_instance Source, class Sides, class Stage, class End>
class source_chain final : public chain_task<Stage, End, detail::source_sides<Sides>> {
  using front = detail::source_sides<Sides>;
  using base = chain_task<Stage, End, front>;

public:
  source_chain(const task_context& context, std::string name, Source source, Sides sides,
               Stage stage, End end)
      : base(context, std::move(stage), std::move(end), front{{{}, std::move(sides)}}),
        name_(std::move(name)), source_(std::move(source)),
        read_(context.counters, task_count::rows_read, task_count::bytes_in),
        limit_(context.source_rows_per_second) {}

  void start(const task_start& from) override {
    source_.start(from.of(name_));
    read_.start(source_);
    base::start(from);
  }

  poll_result poll(slice_budget& budget, steady_time now) override {
    while (!this->congested()) {
      const bool resumed = this->stage_.pending();
      if (resumed)
        this->resume_block();
      else
        told_ = poll_block(now);
      const bool pending = this->stage_.pending();
      if (!pending && (resumed || told_.what != poll_result::next::more))
        return std::exchange(told_, {}); // whoever waits for the end of a record gets it
      if (budget.spent())
        break;
    }
    return {};
  }

  std::vector<operator_snapshot> snapshot(checkpoint_id id) override {
    auto saved = base::snapshot(id);
    saved.push_back({name_, source_.position(), {}});
    return saved;
  }

private:
  poll_result poll_block(steady_time now) {
    const std::size_t allowed = limit_.allowed(records_max, now);
    if (allowed == 0)
      return {poll_result::next::wait, limit_.next()};
    std::uint64_t rows = 0;
    const poll_result told = this->end_.in_block([&](auto write) {
      std::size_t elements_left = block_records;
      const auto emit_record = [&](const typename Source::output& record) {
        holding held(this->hand_, record);
        ++rows;
        this->feed(record, no_time(), write, elements_left);
        held.release();
      };
      const auto emit_beside = [&]<any_side_output Side>(
          Side, const typename Side::record& record) requires(Sides::template has<Side>) {
        this->front_.sides.template write<Side>(record, no_time());
      };
      return source_.poll(detail::source_emitter{emit_record, emit_beside}, allowed, now);
    });
    limit_.took(rows);
    read_.template add<typename Source::output>(rows, source_);
    return told;
  }

  static constexpr std::size_t records_max =
      base::bounded || Stage::resumable ? 1 : block_records;

  std::string name_;
  Source source_;
  moved_rows read_;
  read_limit limit_;
  poll_result told_; // by the source, when it gave the record that is pending
};

} // namespace weir
