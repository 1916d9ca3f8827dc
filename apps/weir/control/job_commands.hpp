// Carries out the commands for running jobs: finds a job by its socket, asks, and prints
// the answer on standard output.
#pragma once

#include "apps/weir/control/job_line.hpp"

namespace weir::cli {

/// Returns the exit code; throws weir::error for what is refused or fails.
int carry_out(const job_command& command);

} // namespace weir::cli
