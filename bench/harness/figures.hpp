// What one timed run yields. Engine and kernel runs return the same figures, so that
// every question compares like with like.
#pragma once

#include "runtime/pause_histogram.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace weir::bench {

struct run_figures {
  double records = 0;
  double wall_seconds = 0;
  double cpu_seconds = 0;
  /// Folded from the results; engine and kernel must agree where they answer the same.
  std::uint64_t checksum = 0;
  /// Further figures by name, e.g. "checkpoints" or "max_pause_ms".
  std::map<std::string, double> extra = {};
};

/// Million records per second.
double throughput(const run_figures& run);

/// CPU-seconds per million records, of the whole process.
double cpu_per_million(const run_figures& run);

/// CPU time spent by all threads of this process.
double process_cpu_seconds();

/// CPU time spent by the calling thread: what a pause costs without the neighbours.
double thread_cpu_seconds();

/// "p50_ms", "p99_ms", "p999_ms" and "max_ms" of them, as further figures.
void add_quantiles(run_figures& figures, const pause_histogram& pauses);

/// Starts on construction; `stop` yields the figures of the run since then.
class run_clock {
public:
  run_clock();
  run_figures stop(std::uint64_t records) const;

private:
  std::chrono::steady_clock::time_point wall_;
  double cpu_;
};

} // namespace weir::bench
