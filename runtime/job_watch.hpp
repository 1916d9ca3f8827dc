// What can be seen of a job while it runs: the watch of each task, and their sum by chain
// of operators. It refers to nothing of the job, so that who holds it may look even when
// the job is over.
#pragma once

#include "runtime/execution_plan.hpp"
#include "runtime/job_figures.hpp"
#include "runtime/task_watch.hpp"

namespace weir {

class job_watch {
public:
  job_watch(const job_graph& graph, const execution_plan& plan);

  task_watch& task(task_id id) { return tasks_.at(id.value); }

  /// From any thread, at any time.
  job_figures figures(steady_time now) const;

  /// All tasks begin again from this checkpoint, or from where the run began.
  /// Requires: none of them runs.
  void go_back(std::optional<checkpoint_id> to);

private:
  std::vector<operator_figures> chains_; // names, and nothing counted
  std::vector<chain_index> chain_of_;    // by task id
  std::vector<task_watch> tasks_;        // by task id
};

} // namespace weir
