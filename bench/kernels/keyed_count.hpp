// The hand-written answer to the keyed count: what the hardware and the libraries allow a
// count per key with aligned, durable checkpoints to cost, and nothing else. One state of
// fixed size, a table that never grows, no eviction: what an engine adds is generality.
#pragma once

#include "bench/harness/figures.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace weir::bench {

/// Also the parameters of the engine's side of the question.
struct keyed_count_params {
  std::uint64_t keys = 0;
  std::uint64_t records = 0;
  std::uint64_t seed = 1;
  std::size_t parallelism = 2;
  /// Between two triggers; zero for no checkpoints.
  std::chrono::milliseconds interval{0};
  /// Exists and is empty; used where there are checkpoints.
  std::filesystem::path work_directory = {};
};

/// Wall time runs from the first record drawn to the last one counted. Extra figures:
/// "checkpoints" completed in that time and "max_pause_ms", the longest stop of a task
/// between the last barrier and the release of its channels, in CPU time of its thread.
/// The checksum is the sum over all keys of count * hash_of(key), which equals the sum of
/// hash_of(key) over all updates a job emits.
run_figures keyed_count(const keyed_count_params& params);

} // namespace weir::bench
