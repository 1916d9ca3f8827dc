// A job graph laid out as tasks and channels: a pure function of the graph and the
// parallelism. Everybody who has to know who talks to whom, and whom a checkpoint waits
// for, reads it here; nobody registers.
#pragma once

#include "operators/job_graph.hpp"
#include "serialization/strong_id.hpp"

#include <vector>

namespace weir {

/// The other end of a channel: a task, and the channel's index there.
struct channel_end {
  task_id task;
  std::uint32_t channel = 0;

  friend bool operator==(const channel_end&, const channel_end&) = default;
};

struct planned_task {
  task_id id;
  chain_index chain = 0;
  std::uint32_t subtask = 0;
  std::vector<channel_end> inputs;  // by input channel: where it comes from
  std::vector<channel_end> outputs; // by output channel: where it goes to

  bool is_source() const noexcept { return inputs.empty(); }
};

struct execution_plan {
  std::uint32_t parallelism = 1;
  std::uint32_t max_parallelism = 128;
  std::vector<planned_task> tasks; // tasks[i].id == i

  const planned_task& task(task_id id) const { return tasks.at(id.value); }
};

/// Requires: a graph that passed its check, 1 <= parallelism <= max_parallelism.
execution_plan plan_execution(const job_graph& graph, std::uint32_t parallelism,
                              std::uint32_t max_parallelism);

} // namespace weir
