// Checkpoints of a job whose queues are all full, because its sink takes a millisecond
// for each record: the worst case for whoever waits for barriers.
#pragma once

#include "bench/harness/figures.hpp"

#include <chrono>
#include <filesystem>

namespace weir::bench {

struct pressed_params {
  std::size_t parallelism = 2;
  std::chrono::milliseconds sink_per_record{1};
  bool unaligned = false;
  std::chrono::milliseconds aligned_timeout{0};
  /// The first checkpoint begins then.
  std::chrono::milliseconds interval{1000};
  /// Longer than this nobody waits for it.
  std::chrono::seconds patience{60};
  std::filesystem::path work_directory;
};

/// Runs until its first checkpoint is complete, and then a job that is restored from it
/// until its sink has a record. Extra figures: "checkpoint_ms", from the trigger to
/// durable, or the patience; "completed", 1 or 0; "in_flight_mib"; "restore_ms", from the
/// beginning of the second job to its first record at the sink.
run_figures run_pressed(const pressed_params& params);

} // namespace weir::bench
