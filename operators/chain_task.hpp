// What every task has behind its head: the stateless steps and the chain's end, and how
// start, close, finish and snapshot reach the end.
#pragma once

#include "operators/stage.hpp"
#include "operators/task.hpp"

#include <algorithm>

namespace weir {

template <class Stage, class End>
class chain_task : public task {
public:
  void start(const task_start& from) override { end_.start(from); }
  void close_batches() final { end_.close_batches(); }
  void finish() final { end_.finish(); }

  std::vector<operator_snapshot> snapshot() override {
    std::vector<operator_snapshot> saved;
    end_.snapshot(saved);
    return saved;
  }

  bool between_records() const noexcept final { return !pending(); }

protected:
  chain_task(Stage stage, End end) : stage_(std::move(stage)), end_(std::move(end)) {}

  /// Calls `block(first, last, emit, room)` for one block of records [first, last) after
  /// the other, from `from` up to `size`. A block returns where it stopped: at `last`, or
  /// behind a record after which there was no `room`. So does this, except that a record
  /// of which something is pending counts as not processed.
  template <class Block>
  std::size_t process_blocks(std::size_t from, std::size_t size, slice_budget& budget,
                             Block block) {
    while (from < size && !end_.congested()) {
      if (pending()) {
        resume_block();
        ++from;
      } else {
        from = run_block(from, std::min(size, from + block_records), block);
      }
      if (pending())
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
          from, last, [&](const auto& record) { feed(record, write, elements_left); },
          [this] { return room(); });
    });
  }

  /// A record into the steps; no more than `elements_left` elements of the ranges that
  /// are made of it.
  template <class Record, class Write>
  [[gnu::always_inline]] void feed(const Record& record, Write& write,
                                   [[maybe_unused]] std::size_t& elements_left) {
    stage_(record, write);
    if constexpr (Stage::resumable)
      stage_.resume(write, [&] { return elements_left > 0 && elements_left-- > 0; });
  }

  /// Something is left of the last record.
  bool pending() const noexcept {
    if constexpr (Stage::resumable)
      return stage_.pending();
    else
      return false;
  }

  /// Goes on with the last record for a block.
  void resume_block() {
    if constexpr (Stage::resumable)
      end_.in_block([this](auto write) {
        std::size_t elements_left = block_records;
        stage_.resume(write, [&] { return elements_left > 0 && elements_left-- > 0; });
        return true;
      });
  }

  /// Whether another record may be processed. A block is small enough not to ask, unless
  /// a step makes many records of one.
  bool room() const noexcept {
    if constexpr (bounded)
      return !pending() && !end_.congested();
    else
      return !pending();
  }

  static constexpr bool bounded = Stage::expands && End::congestible;

  Stage stage_;
  End end_;
};

} // namespace weir
