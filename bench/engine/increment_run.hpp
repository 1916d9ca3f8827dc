// One snapshot after the other, each with a part of the rows changed: what is written,
// and what is kept, per byte that changed.
#pragma once

#include "bench/harness/figures.hpp"

#include <cstdint>
#include <filesystem>

namespace weir::bench {

struct increment_params {
  std::uint64_t keys = 1'000'000;
  std::uint64_t changed_percent = 10;
  std::uint64_t snapshots = 100;
  std::uint64_t interval_ms = 500; // from the beginning of a snapshot to the next one's
  bool scattered = false;          // keys of 64 random bits, not the numbers from 0
  std::filesystem::path work_directory;
};

/// Rows are of 24 bytes, 26 with their key group; the figures `runs`, `written`, `files`,
/// `space` and more.
run_figures run_increments(const increment_params& params);

} // namespace weir::bench
