// What checkpoints cost a keyed count: one run without them and one with.
#pragma once

#include "bench/harness/scratch_directory.hpp"
#include "bench/kernels/keyed_count.hpp"

#include <algorithm>

namespace weir::bench {

/// The figures of the run with checkpoints every `on.interval`, and besides: the rates
/// "with" and "without" them, the "share" of its rate that the run has kept, and
/// "checkpoint_cpu_ms", what each completed one took of all threads' CPU time.
template <class Run>
run_figures on_and_off(Run run, keyed_count_params on,
                       const std::filesystem::path& directory) {
  const auto in_scratch = [&](const keyed_count_params& params) {
    const scratch_directory scratch(directory);
    keyed_count_params placed = params;
    placed.work_directory = scratch.path();
    return run(placed);
  };
  keyed_count_params off = on;
  off.interval = std::chrono::milliseconds(0);
  const run_figures without = in_scratch(off);
  run_figures with = in_scratch(on);
  with.extra["without"] = throughput(without);
  with.extra["with"] = throughput(with);
  with.extra["share"] = throughput(with) / throughput(without);
  const double completed = std::max(1.0, with.extra["checkpoints"]);
  with.extra["checkpoint_cpu_ms"] =
      (with.cpu_seconds - without.cpu_seconds) * 1e3 / completed;
  return with;
}

} // namespace weir::bench
