// A program that has this in it gets no memory when a test says so: the how-manieth
// allocation of the thread fails, and perhaps all behind it.
#pragma once

#include <cstdint>

namespace weir::testing {

enum class shortage {
  passing, // one allocation fails
  lasting, // and all that follow
};

/// As long as it lives.
class failing_allocation {
public:
  /// `number`: 1 is the next one.
  failing_allocation(std::uint64_t number, shortage how) noexcept;
  ~failing_allocation();
  failing_allocation(const failing_allocation&) = delete;
  failing_allocation& operator=(const failing_allocation&) = delete;

  bool has_failed() const noexcept;
};

/// How many there are in the program that have not been given back.
std::int64_t live_allocations() noexcept;

} // namespace weir::testing
