// Runs a job's actors on threads. The header is free of CAF, so whoever runs a job does
// not parse it.
#pragma once

#include "runtime/job_control.hpp"
#include "runtime/job_setup.hpp"

#include <stop_token>

namespace weir {

/// Blocks until the coordinator has ended, by itself or because of `cancel`; meanwhile it
/// takes the orders of `control`.
job_result run_actors(const job_setup& setup, const std::stop_token& cancel,
                      controlled_run& control);

} // namespace weir
