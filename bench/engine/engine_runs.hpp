// The engine's side of every question, each a whole job through the public API. Wall time
// counts from the first record drawn to the last one processed, as in the kernels; a
// checkpoint that completes later does not count.
#pragma once

#include "bench/harness/figures.hpp"
#include "bench/kernels/chain_loop.hpp"
#include "bench/kernels/exchange_actors.hpp"
#include "bench/kernels/keyed_count.hpp"

namespace weir::bench {

/// Checksum and extra figures as the kernel `keyed_count` gives them.
run_figures run_keyed_count(const keyed_count_params& params);

/// The four steps of chain_loop.hpp, forward edges, a sink that adds `chain_weight`.
run_figures run_chain(const chain_params& params);

/// Sources, an exchange by key with whatever hash the engine computes per record, a sink
/// that adds `exchange_weight`.
run_figures run_exchange(const exchange_params& params);

/// A keyed count that grows from empty to all keys under checkpoints. Extra figures, in
/// CPU time of the task's thread: "barrier_pause_p999_ms", from the last barrier of an
/// alignment to the release of its channels, "slice_p999_ms", one slice of work, and
/// "slice_gap_p999_ms", between two slices on the same thread while work was left; each
/// the 99.9th percentile over all tasks.
run_figures run_pauses(const keyed_count_params& params);

} // namespace weir::bench
