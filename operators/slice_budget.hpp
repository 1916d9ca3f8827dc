// What a task may spend before it gives up its thread: a number of blocks of records and
// a deadline. In simulation there is no deadline and the number is drawn from the seed.
#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

/// Records between two looks at the budget and at the outbox.
constexpr std::size_t block_records = 256;

class slice_budget {
public:
  using clock = std::chrono::steady_clock;

  slice_budget(std::uint32_t blocks, clock::time_point deadline) noexcept
      : blocks_(blocks), deadline_(deadline) {}

  /// Counts one block as done; true once the slice must end.
  bool spent() noexcept {
    if (blocks_ <= 1)
      return true;
    --blocks_;
    return deadline_ != clock::time_point::max() && clock::now() >= deadline_;
  }

private:
  std::uint32_t blocks_;
  clock::time_point deadline_;
};

} // namespace weir
