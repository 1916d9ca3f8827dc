// The engine's side of the questions about dataflow, each a whole job through the public
// API.
#pragma once

#include "bench/harness/figures.hpp"
#include "bench/kernels/fan_actors.hpp"
#include "bench/kernels/latency_actors.hpp"
#include "bench/kernels/text_actors.hpp"

#include <filesystem>

namespace weir::bench {

/// Checksum and extra figures as the kernels give them.
run_figures run_text(const text_params& params);
run_figures run_fan(const fan_params& params);
run_figures run_latency(const latency_params& params);

struct backpressure_params {
  double seconds = 30;
  std::uint64_t times_faster = 100; // the source than the sink
  std::size_t parallelism = 2;
};

/// A source at full speed into a sink that sleeps. How fast the source would be is found
/// by running it into one that does not. Extra figures, in MiB: "first_third_mib" and
/// "last_third_mib", the mean resident memory, "growth_mib" between them.
run_figures run_backpressure(const backpressure_params& params);

struct expansion_params {
  std::uint64_t records = 0;
  std::uint64_t records_per_second = 10;
  std::uint64_t copies = 1'000'000; // of each record
  bool as_range = false;            // returned by the function, which else emits them
  std::chrono::milliseconds interval{100}; // of checkpoints
  std::filesystem::path work_directory;
};

/// One task makes many records of one, behind an exchange and before one. Extra figures:
/// "growth_mib", peak resident memory above that before the run; "barrier_ms" and
/// "barrier_max_ms", the median time a barrier took from source to sink, and the longest;
/// "slice_max_ms", the longest turn of a task in CPU time.
run_figures run_expansion(const expansion_params& params);

} // namespace weir::bench
