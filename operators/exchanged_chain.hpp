// The stateless steps behind an exchange and the chain's end, as one task and one loop.
#pragma once

#include "operators/chain_task.hpp"

namespace weir {

template <class In, class Stage, class End>
class exchanged_chain final : public chain_task<Stage, End> {
public:
  exchanged_chain(Stage stage, End end)
      : chain_task<Stage, End>(std::move(stage), std::move(end)) {}

  std::size_t process(const batch_base& input, std::size_t from,
                      slice_budget& budget) override {
    const In* records = static_cast<const batch<In>&>(input).values();
    return this->process_blocks(
        from, input.size(), budget,
        [this, records](std::size_t first, std::size_t last, auto emit, auto room) {
          do {
            holding held(this->hand_, records[first]);
            emit(records[first++]);
            held.release();
          } while (first < last && room());
          return first;
        });
  }
};

} // namespace weir
