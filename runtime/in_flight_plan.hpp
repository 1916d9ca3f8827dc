// From batches that barriers have overtaken to a file of the checkpoint, and back to the
// tasks to which they were on their way, however many there are then. Pure.
#pragma once

#include "runtime/execution_plan.hpp"
#include "runtime/task_port.hpp"
#include "serialization/in_flight_file.hpp"

#include <string>
#include <vector>

namespace weir {

/// By chain: its name in checkpoints and their files, which no other chain has. It is the
/// same for as long as the job's graph is.
std::vector<std::string> chain_labels(const job_graph& graph);

struct encoded_in_flight {
  std::string file_name;
  in_flight_file file;
  std::vector<in_flight_edge> edges;
};

encoded_in_flight gather_in_flight(const job_graph& graph, const execution_plan& plan,
                                   const data_in_flight& overtaken);

/// What of the records that were on their way cannot go on in this job, one clause each.
std::vector<std::string> in_flight_mismatches(const job_graph& graph,
                                              const checkpoint_metadata& checkpoint);

/// What each task is to process before anything else, by task id. `files` are those of
/// `saved`, in its order. Requires: there are no mismatches.
std::vector<std::vector<batch_in_flight>>
divide_in_flight(const job_graph& graph, const execution_plan& plan,
                 const std::vector<in_flight_metadata>& saved,
                 const std::vector<in_flight_file>& files);

} // namespace weir
