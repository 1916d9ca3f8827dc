// The checkpoints of a harness, in memory: rows and saved operators as the bytes that
// tasks hand to an uploader, and what new tasks get of them, at any parallelism.
#pragma once

#include "runtime/execution_plan.hpp"
#include "runtime/task_port.hpp"

#include <map>
#include <set>

namespace weir::testing {

class harness_snapshot {
public:
  /// What a task has handed in for a checkpoint: its run is laid over earlier ones.
  void add(const execution_plan& plan, upload_request request);
  /// Tasks whose part has come since the last call.
  std::size_t take_parts() { return std::exchange(parts_, 0); }

  /// The first operator that saves something by task which cannot be divided among the
  /// tasks that its chain has in `to`.
  std::optional<std::string> undividable(const job_graph& graph,
                                         const execution_plan& to) const;

  /// What the operators of a task begin with.
  task_start start_of(const job_graph& graph, const execution_plan& plan,
                      const planned_task& task) const;
  bool has_rows(const planned_task& task) const { return rows_.contains(task.chain); }
  /// Appends the rows of the key groups that the task owns.
  void read_rows(const execution_plan& plan, const planned_task& task,
                 encoded_rows& into) const;

private:
  using rows = std::map<std::string, std::string>; // by key group and key, as encoded

  void lay_over(rows& known, const execution_plan& plan, const planned_task& task,
                const encoded_run& run);

  std::map<chain_index, rows> rows_;
  /// What the tasks of a chain saved, by subtask.
  std::map<chain_index, std::vector<restored_operators>> operators_;
  std::size_t parts_ = 0;
};

} // namespace weir::testing
