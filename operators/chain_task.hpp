// What every task has behind its head: the stateless steps and the chain's end, and how
// start, close, finish and snapshot reach the end.
#pragma once

#include "operators/batch_reader.hpp"
#include "operators/record_in_hand.hpp"
#include "operators/stage.hpp"
#include "operators/task.hpp"

#include <algorithm>

namespace weir {

/// `Front` is a function of the user's that stands in the head, with the lifecycle of a
/// stage.
template <class Stage, class End, class Front = identity_stage>
class chain_task : public task {
public:
  chain_task(const task_context& context, Stage stage, End end, Front front = {})
      : front_(std::move(front)), stage_(std::move(stage)), end_(std::move(end)) {
    front_.open(context, watermark_);
    stage_.open(context, watermark_);
  }

  void start(const task_start& from) override {
    front_.start(from);
    stage_.start(from);
    end_.start(from);
  }
  void close_batches() final {
    front_.close_batches();
    stage_.close_batches();
    end_.close_batches();
  }
  void finish() final { end_.finish(); }
  std::string in_hand() const final { return hand_.text(); }

  std::vector<operator_snapshot> snapshot() override {
    std::vector<operator_snapshot> saved;
    front_.snapshot(saved);
    stage_.snapshot(saved);
    end_.snapshot(saved);
    return saved;
  }

  std::optional<watermark> own_watermark(steady_time now) final {
    if constexpr (Stage::timed)
      return stage_.watermark(now);
    else
      return std::nullopt;
  }
  void advance(event_time until) final {
    if constexpr (!Stage::timed)
      watermark_ = until;
  }

protected:
  /// Calls `block(first, last, emit, room)` for one block of records [first, last) after
  /// the other, from `from` up to `size`. A block returns where it stopped: at `last`, or
  /// behind a record after which there was no `room`. So does this.
  template <class Block>
  std::size_t process_blocks(std::size_t from, std::size_t size, slice_budget& budget,
                             Block block) {
    while (from < size && !congested()) {
      const std::size_t last = std::min(size, from + block_records);
      from = end_.in_block([&](auto write) {
        return block(
            from, last,
            [&](const auto& record, auto time) { stage_(record, time, write); },
            [this] { return room(); });
      });
      if (budget.spent())
        break;
    }
    return from;
  }

  /// Whether another record may be processed. A block is small enough not to ask, unless
  /// a step makes many records of one.
  bool room() const noexcept {
    if constexpr (bounded)
      return !congested();
    else
      return true;
  }

  bool congested() const noexcept {
    return end_.congested() || stage_.congested() || front_.congested();
  }

  static constexpr bool bounded =
      (Front::expands || Stage::expands) &&
      (End::congestible || Stage::has_sides || Front::has_sides);

  event_time watermark_ = event_time::min();
  Front front_;
  Stage stage_;
  End end_;
  record_in_hand hand_;
};

} // namespace weir
