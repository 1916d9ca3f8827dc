// Counts of more keys than memory has room for: all keys once, which fills the backend,
// then keys of some distribution for a while, which is what is timed.
#pragma once

#include "bench/harness/figures.hpp"

#include <cstdint>
#include <filesystem>

namespace weir::bench {

struct larger_params {
  std::uint64_t memory = 0; // of each subtask
  std::uint64_t keys = 0;
  std::uint64_t records = 0; // timed
  bool zipf = false;         // exponent 0.99; else every key as often as any other
  bool direct_io = true;
  std::size_t parallelism = 2;
  std::filesystem::path work_directory = {};
};

/// The figures `per_core`, million records per second, and `over_budget`: the most memory
/// that the run had, less what it had before and what it was allowed, in percent of that.
run_figures run_larger(const larger_params& params);

} // namespace weir::bench
