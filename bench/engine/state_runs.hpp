// The changes of kernels/state_maps through states that are bound by name, on a table as
// a task has it, in batches, in one thread, without checkpoints.
#pragma once

#include "bench/kernels/state_maps.hpp"

namespace weir::bench {

run_figures run_states(const state_params& params);

} // namespace weir::bench
