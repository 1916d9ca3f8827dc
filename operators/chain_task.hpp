// What every task has behind its head: the stateless steps and the chain's end, and how
// start, close, finish and snapshot reach the end.
#pragma once

#include "operators/chain_end.hpp"
#include "operators/stage.hpp"

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

protected:
  chain_task(Stage stage, End end) : stage_(std::move(stage)), end_(std::move(end)) {}

  /// Calls `block(first, last, emit)` for one block of records [first, last) after the
  /// other, from `from` up to `size`; returns the first record not processed.
  template <class Block>
  std::size_t process_blocks(std::size_t from, std::size_t size, slice_budget& budget,
                             Block block) {
    while (from < size && !end_.congested()) {
      const std::size_t last = std::min(size, from + block_records);
      from = end_.in_block([&](auto write) {
        block(from, last, [&](const auto& record) { stage_(record, write); });
        return last;
      });
      if (budget.spent())
        break;
    }
    return from;
  }

  Stage stage_;
  End end_;
};

} // namespace weir
