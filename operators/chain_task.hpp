// What every task has behind its head: the stateless steps and the chain's end, and how
// start, close, finish and snapshot reach the end.
#pragma once

#include "operators/batch_reader.hpp"
#include "operators/record_in_hand.hpp"
#include "operators/stage.hpp"
#include "operators/task.hpp"

#include <algorithm>
#include <limits>

namespace weir {

/// `Front` is a function of the user's that stands in the head, with the lifecycle of a
/// stage.
template <class Stage, class End, class Front = identity_stage>
class chain_task : public task {
public:
  chain_task(const task_context& context, Stage stage, End end, Front front = {})
      : front_(std::move(front)), stage_(std::move(stage)), end_(std::move(end)) {
    front_.open(context, clock_);
    stage_.open(context, clock_);
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
  void finish() final {
    if constexpr (Front::finishes || Stage::finishes) {
      finish_steps();
      close_batches(); // what they have emitted
    }
    end_.finish();
  }
  std::string in_hand() const final { return hand_.text(); }

  std::vector<operator_snapshot> snapshot(checkpoint_id id) override {
    std::vector<operator_snapshot> saved;
    front_.snapshot(saved);
    stage_.snapshot(saved);
    end_.snapshot(id, saved);
    return saved;
  }
  void checkpoint_completed(checkpoint_id id) final { end_.completed(id); }

  std::optional<watermark> own_watermark(steady_time now) final {
    if constexpr (Stage::timed)
      return stage_.watermark(now);
    else
      return std::nullopt;
  }
  void advance(event_time until) final {
    input_reached_ = until;
    if constexpr (!Stage::timed)
      clock_.watermark = until;
  }
  void tell_time(processing_time now) override { clock_.now = now; }
  void resume_time(event_time reached) final {
    clock_.watermark = std::max(clock_.watermark, reached);
  }
  bool between_records() const noexcept final { return !stage_.pending(); }

protected:
  /// Calls `block(first, last, emit, room)` for one block of records [first, last) after
  /// the other, from `from` up to `size`. A block returns where it stopped: at `last`, or
  /// behind a record after which there was no `room`. So does this, except that a record
  /// of which something is pending counts as not processed.
  template <class Block>
  std::size_t process_blocks(std::size_t from, std::size_t size, slice_budget& budget,
                             Block block) {
    while (from < size && !congested()) {
      if (stage_.pending()) {
        resume_block();
        ++from;
      } else {
        from = run_block(from, std::min(size, from + block_records), block);
      }
      if (stage_.pending())
        --from; // something is left of the record before it
      if (budget.spent())
        break;
    }
    return from;
  }

  template <class Block>
  [[gnu::always_inline]] std::size_t run_block(std::size_t from, std::size_t last,
                                               Block& block) {
    return end_.in_block([&](auto write) {
      std::size_t elements_left = block_records;
      return block(
          from, last,
          [&](const auto& record, auto time) {
            feed(record, time, write, elements_left);
          },
          [this] { return room(); });
    });
  }

  /// A record into the steps; no more than `elements_left` elements of the ranges that
  /// are made of it.
  template <class Record, class Time, class Write>
  [[gnu::always_inline]] void feed(const Record& record, Time time, Write& write,
                                   [[maybe_unused]] std::size_t& elements_left) {
    stage_(record, time, write);
    if constexpr (Stage::resumable)
      stage_.resume(write, [&] { return elements_left > 0 && elements_left-- > 0; });
  }

  /// What the functions still have, as much as it is: nobody may stop them any more.
  void finish_steps() {
    end_.in_block([this](auto write) {
      [[maybe_unused]] std::size_t elements_left =
          std::numeric_limits<std::size_t>::max();
      if constexpr (Front::finishes)
        front_.finish([&](const auto& record, auto time) {
          feed(record, time, write, elements_left);
        });
      if constexpr (Stage::finishes)
        stage_.finish(write);
      return true;
    });
  }

  /// Goes on with the last record for a block.
  void resume_block() {
    if constexpr (Stage::resumable)
      end_.in_block([this](auto write) {
        std::size_t elements_left = block_records;
        holding held(hand_, stage_);
        stage_.resume(write, [&] { return elements_left > 0 && elements_left-- > 0; });
        held.release();
        return true;
      });
  }

  /// Whether another record may be processed. A block is small enough not to ask, unless
  /// a step makes many records of one.
  bool room() const noexcept {
    if constexpr (bounded)
      return !stage_.pending() && !congested();
    else
      return !stage_.pending();
  }

  bool congested() const noexcept {
    return end_.congested() || stage_.congested() || front_.congested();
  }

  static constexpr bool bounded =
      (Front::expands || Stage::expands) &&
      (End::congestible || Stage::has_sides || Front::has_sides);

  task_clock clock_;
  event_time input_reached_ = event_time::min(); // whatever times the steps give records
  Front front_;
  Stage stage_;
  End end_;
  record_in_hand hand_;
};

} // namespace weir
