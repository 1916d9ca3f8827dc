// Four stateless steps written as one loop: what a fused chain can cost at best.
#pragma once

#include "bench/harness/figures.hpp"
#include "bench/kernels/stream.hpp"

#include <cstdint>

namespace weir::bench {

/// Also the parameters of the engine's side of the question.
struct chain_params {
  std::uint64_t keys = 0;
  std::uint64_t records = 0;
  std::uint64_t seed = 1;
  std::size_t sources = 2;
};

// The steps, one by one, as a user of the engine would write them.

constexpr record chain_map_shift(record r) {
  const auto shifted = static_cast<std::uint64_t>(r.value) << 1;
  return {r.key, static_cast<std::int64_t>(r.key ^ shifted)};
}

constexpr bool chain_keep_seven_of_eight(record r) {
  return (r.value & 7) != 0;
}

constexpr record chain_map_multiply_add(record r) {
  const auto value = static_cast<std::uint64_t>(r.value);
  return {r.key, static_cast<std::int64_t>(value * 0x5851F42D4C957F2Dull +
                                           0x14057B7EF767814Full)};
}

constexpr bool chain_keep_three_of_four(record r) {
  return ((r.value >> 3) & 3) != 0;
}

/// What the sink adds to the checksum for a record that came through.
constexpr std::uint64_t chain_weight(record r) {
  return r.key + static_cast<std::uint64_t>(r.value);
}

/// One thread per source. Counts the records drawn, not those that came through.
run_figures chain_loop(const chain_params& params);

} // namespace weir::bench
