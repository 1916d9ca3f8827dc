// What every task has behind its head: the stateless steps and the chain's end, and how
// start, close, finish and snapshot reach the end.
#pragma once

#include "operators/record_in_hand.hpp"
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
  std::string in_hand() const final { return hand_.text(); }

  std::vector<operator_snapshot> snapshot() override {
    std::vector<operator_snapshot> saved;
    end_.snapshot(saved);
    return saved;
  }

protected:
  chain_task(Stage stage, End end) : stage_(std::move(stage)), end_(std::move(end)) {}

  /// Calls `block(first, last, emit, room)` for one block of records [first, last) after
  /// the other, from `from` up to `size`. A block returns where it stopped: at `last`, or
  /// behind a record after which there was no `room`. So does this.
  template <class Block>
  std::size_t process_blocks(std::size_t from, std::size_t size, slice_budget& budget,
                             Block block) {
    while (from < size && !end_.congested()) {
      const std::size_t last = std::min(size, from + block_records);
      from = end_.in_block([&](auto write) {
        return block(
            from, last, [&](const auto& record) { stage_(record, write); },
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
      return !end_.congested();
    else
      return true;
  }

  static constexpr bool bounded = Stage::expands && End::congestible;

  Stage stage_;
  End end_;
  record_in_hand hand_;
};

} // namespace weir
