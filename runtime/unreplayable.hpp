// What a failure or a restore loses where a source cannot read again what it has read, or
// records go round in a loop, and what a job would never show: sentences for whoever runs
// the job. Pure.
#pragma once

#include "operators/job_graph.hpp"
#include "runtime/config.hpp"
#include "serialization/strong_id.hpp"

namespace weir {

/// Throws failure::usage if checkpoints are switched on that would lose records of an
/// iteration, and nobody has said that they may.
void refuse_lossy_checkpoints(const job_graph& graph, const run_config& config);

/// Throws failure::usage if checkpoints would stop before the output of a sink that
/// commits with them is complete.
void refuse_unseen_output(const job_graph& graph, const run_config& config);

/// Before the first record; empty if nothing can be lost.
std::string loss_ahead(const job_graph& graph);

/// When an attempt begins with what a checkpoint saved, or again from the beginning.
std::string loss_behind(const job_graph& graph, std::optional<checkpoint_id> restored);

} // namespace weir
