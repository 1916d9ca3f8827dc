// The loops of a job graph: what lies between the head of an iteration and what goes back
// to it.
#pragma once

#include "operators/job_graph.hpp"

namespace weir {

/// By chain: the head of the loop that it is in, if it is in one. Requires: a graph that
/// passed its check.
std::vector<std::optional<chain_index>> loops_of(const job_graph& graph);

/// Whether records that leave the chain `head` may come to the end of `chain`, without
/// going back.
bool follows(const job_graph& graph, chain_index head, chain_index chain);

/// Throws failure::usage for a cycle that is no iteration, an iteration to which nothing
/// goes back, and one inside of another.
void check_loops(const job_graph& graph);

/// Throw failure::usage for what the body of an iteration cannot return.
[[noreturn]] void refuse_foreign_job(const std::string& iteration);
void check_goes_back(const job_graph& graph, chain_index head,
                     const std::vector<chain_index>& ends);
void check_goes_on(const job_graph& graph, chain_index head,
                   const std::vector<chain_index>& ends);

} // namespace weir
