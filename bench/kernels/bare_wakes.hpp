// What the machine alone makes of a pace: threads that have nothing to do but to be there
// when they are due. Nothing that has to be done on time on this machine is later more
// seldom, so it stands beside latencies.
#pragma once

#include "bench/harness/figures.hpp"

#include <chrono>
#include <cstddef>

namespace weir::bench {

struct wake_params {
  std::size_t threads = 2;
  std::chrono::microseconds period{100};
  std::chrono::microseconds busy{40}; // of each period, as a paced job is
  double seconds = 5;
};

/// How late they were: "p50_ms", "p99_ms", "p999_ms" and "max_ms".
run_figures bare_wakes(const wake_params& params);

} // namespace weir::bench
