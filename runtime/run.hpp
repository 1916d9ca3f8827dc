// Runs a job from a job graph to its end: the entry of the command line and of programs
// that embed weir. Returns when the job has finished, failed for good, or been cancelled.
#pragma once

#include "operators/job.hpp"
#include "runtime/config.hpp"
#include "runtime/job_control.hpp"
#include "runtime/job_observer.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>

namespace weir {

struct run_request {
  std::string job_name = "job";
  std::string job_id; // empty: a new one is drawn
  run_config config;
  /// Left beside the checkpoints for whoever runs the job again; empty: nothing.
  std::string note;
  /// A chk-N, its _metadata, or a job directory.
  std::optional<std::filesystem::path> restore_from;
  /// Whether the report says how long tasks kept their threads to themselves. It costs
  /// two system calls a slice.
  bool measure_pauses = false;
  /// Ends the job where it stands; config.retention says whether its checkpoints stay.
  std::stop_token cancel;
  /// What else may be asked of it while it runs; null: nothing.
  job_control* control = nullptr;
};

/// Throws weir::error: failure::usage or failure::restore_refused before anything has
/// started, failure::job_failed when the last attempt failed.
job_report run(const job& job, const run_request& request, job_observer& observer);

} // namespace weir
