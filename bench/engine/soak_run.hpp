// Many updates and deletes of as many rows as there always are, with checkpoints: what
// grows in spite of that is lost.
#pragma once

#include "bench/harness/figures.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace weir::bench {

struct soak_params {
  std::uint64_t records = 0;
  std::uint64_t keys = 1'000'000;
  std::chrono::milliseconds interval{500};
  std::size_t parallelism = 2;
  std::filesystem::path work_directory = {};
};

/// Means of the first and of the last third of the run: `memory_first`, `memory_last` in
/// MiB, `files_first`, `files_last` of each subtask, in the job's directories. And what
/// that is: `memory_growth`, `files_growth`.
run_figures run_soak(const soak_params& params);

} // namespace weir::bench
