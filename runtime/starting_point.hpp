// What a run begins with, before it has begun: its tasks, its backend, and the checkpoint
// it is restored from. For run() and for a dry run, which stops here. Changes nothing on
// disk.
#pragma once

#include "operators/job.hpp"
#include "runtime/execution_plan.hpp"
#include "runtime/run.hpp"
#include "state/locate_checkpoint.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir {

struct starting_point {
  run_config config; // with what the job says itself
  execution_plan plan;
  backend_settings backend;
  std::optional<located_checkpoint> checkpoint; // without what is skipped
  std::vector<std::string> skipped;             // operators that only the checkpoint has
  std::uint64_t in_flight_bytes_skipped = 0;    // of records that were on their way
};

/// Throws failure::usage for a job or options that cannot be, failure::restore_refused
/// for a checkpoint that cannot be read.
starting_point find_starting_point(const job& job, const run_request& request);

/// Throws failure::restore_refused if the checkpoint does not fit the job or a file of it
/// is damaged, or the run may not have its job directory or what it claims.
void check_starting_point(const job& job, const run_request& request,
                          const starting_point& from);

/// Of a run that was not asked to begin.
struct dry_run_report {
  starting_point from;
  std::vector<std::string> problems; // why it would be refused; none: it would begin
};

/// Throws what find_starting_point() throws.
dry_run_report dry_run(const job& job, const run_request& request);

} // namespace weir
