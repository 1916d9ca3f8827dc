// What one would write without an engine: a boost::unordered_flat_map from a key to what
// is kept of it, in one thread. The same changes are made through the engine's states in
// engine/state_runs.
#pragma once

#include "bench/harness/figures.hpp"

namespace weir::bench {

/// What is kept for each key, and changed with each record of it.
enum class kept {
  number,      // counted up
  text,        // replaced by another one of 20 characters
  accumulator, // two numbers added up
  list,        // one more number, and none again when there are 16
  map,         // counted up under one of 8 inner keys
};

struct state_params {
  kept what = kept::number;
  std::uint64_t records = 0;
  std::uint64_t keys = 0;
  std::uint64_t seed = 1;
};

constexpr std::size_t list_full = 16;
constexpr std::uint64_t inner_keys = 8;

/// The text for a record: 20 characters, the last eight of which are the number's.
struct text_of_20 {
  explicit text_of_20(std::uint64_t number) noexcept;

  char characters[20];
};

run_figures map_states(const state_params& params);

} // namespace weir::bench
