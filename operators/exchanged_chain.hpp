// The stateless steps behind an exchange and the chain's end, as one task and one loop.
#pragma once

#include "operators/chain_end.hpp"
#include "operators/stage.hpp"

namespace weir {

template <class In, class Stage, class End>
class exchanged_chain final : public task {
public:
  exchanged_chain(Stage stage, End end)
      : stage_(std::move(stage)), end_(std::move(end)) {}

  void start(const task_start& from) override { end_.start(from); }

  std::size_t process(const batch_base& input, std::size_t from,
                      slice_budget& budget) override {
    const auto& records = static_cast<const batch<In>&>(input);
    const In* values = records.values();
    while (from < records.size() && !end_.congested()) {
      const std::size_t end = std::min(records.size(), from + block_records);
      from = end_.in_block([&](auto write) {
        for (std::size_t i = from; i < end; ++i)
          stage_(values[i], write);
        return end;
      });
      if (budget.spent())
        break;
    }
    return from;
  }

  void close_batches() override { end_.close_batches(); }
  void finish() override { end_.finish(); }

  std::vector<operator_snapshot> snapshot() override {
    std::vector<operator_snapshot> saved;
    end_.snapshot(saved);
    return saved;
  }

private:
  Stage stage_;
  End end_;
};

} // namespace weir
