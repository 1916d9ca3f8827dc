// The stateless steps behind an exchange and the chain's end, as one task and one loop.
#pragma once

#include "operators/chain_task.hpp"

namespace weir {

template <class In, bool Timed, class Stage, class End>
class exchanged_chain final : public chain_task<Stage, End> {
public:
  using chain_task<Stage, End>::chain_task;

  std::size_t process(std::uint32_t, const batch_base& records, std::size_t from,
                      slice_budget& budget) override {
    const stream_reader<In, Timed> read(records);
    return this->process_blocks(
        from, records.size(), budget,
        [&](std::size_t first, std::size_t last, auto emit, auto room) {
          do {
            holding held(this->hand_, read.record(first));
            emit(read.record(first), read.time(first));
            held.release();
          } while (++first < last && room());
          return first;
        });
  }
};

} // namespace weir
