// From tasks to `_metadata` and back: which file of a checkpoint belongs to which task.
// Pure; a restore that does not fit is refused as a whole, with every mismatch in one
// line.
#pragma once

#include "runtime/checkpoint_ledger.hpp"
#include "runtime/execution_plan.hpp"
#include "state/backend.hpp"
#include "state/row_migration.hpp"

namespace weir {

/// The operators of `metadata` from what every task acknowledged.
std::vector<operator_metadata>
assemble_operators(const job_graph& graph, const execution_plan& plan,
                   const std::vector<task_handle>& handles);

/// What messages call it: "chk-42", "savepoint 42".
std::string name_of(const checkpoint_metadata& checkpoint);

/// Why no checkpoint can be made of these: an operator whose tasks begin with what all of
/// them saved, and of which some have come to their end and others have not. Empty if
/// there is none.
std::string partly_ended(const job_graph& graph, const execution_plan& plan,
                         const std::vector<task_handle>& handles);

/// What an operator of a task gets back of what its subtasks saved.
struct restored_operator {
  std::string name;
  std::optional<file_handle> own;
  /// At another parallelism, instead: all of it, by subtask. Each takes its share. One
  /// that reads all has it always.
  std::vector<std::optional<file_handle>> before;
};

struct restored_task {
  task_id task;
  std::vector<keyed_source> keyed; // empty: none, or no rows
  /// Null: the rows are as the job declares them.
  std::shared_ptr<const row_migration> migration;
  std::vector<restored_operator> operators;
};

/// What each task of the plan gets back, by task id.
using restore_plan = std::vector<restored_task>;

/// Why the checkpoint does not fit the job, a clause each; none if it does.
std::vector<std::string> restore_mismatches(const job_graph& graph,
                                            const execution_plan& plan,
                                            const std::string& state_backend,
                                            const checkpoint_metadata& checkpoint);

/// Takes the operators that the job does not have out of the checkpoint, and returns
/// their names.
std::vector<std::string> skip_unclaimed(const job_graph& graph,
                                        checkpoint_metadata& checkpoint);

/// Throws failure::restore_refused when the checkpoint does not fit the job, or was not
/// written by this state backend.
restore_plan plan_restore(const job_graph& graph, const execution_plan& plan,
                          const std::string& state_backend,
                          const checkpoint_metadata& checkpoint);

/// `<operator>-<subtask>`, what every file of a subtask begins with.
std::string subtask_label(const std::string& operator_name, std::uint32_t subtask);

} // namespace weir
