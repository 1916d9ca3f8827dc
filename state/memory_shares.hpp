// How what a subtask may hold of its rows is divided among the places where they are.
#pragma once

#include <cstdint>

namespace weir {

struct memory_shares {
  std::uint64_t table = 0; // rows that the task has at hand
  std::uint64_t runs = 0;  // changed rows on their way to the backend
  std::uint64_t cache = 0; // what the backend keeps of rows that are read by key

  friend bool operator==(const memory_shares&, const memory_shares&) = default;
};

/// Of backend_settings::memory_max; all are 0, which is no limit, where that is 0.
constexpr memory_shares shares_of(std::uint64_t memory_max) noexcept {
  const std::uint64_t part = memory_max / 16;
  return {.table = 10 * part, .runs = 2 * part, .cache = memory_max - 12 * part};
}

} // namespace weir
