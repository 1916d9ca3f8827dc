// Runs a job's actors on threads. The header is free of CAF, so whoever runs a job does
// not parse it.
#pragma once

#include "runtime/job_setup.hpp"

#include <stop_token>

namespace weir {

/// Blocks until the coordinator has ended, by itself or because of `cancel`.
job_result run_actors(const job_setup& setup, const std::stop_token& cancel);

} // namespace weir
