#include "runtime/restore_plan.hpp"

#include "runtime/in_flight_plan.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace weir {

namespace {

bool is_keyed(const stateful_operator& op) {
  return !op.keyed_states.empty();
}

std::vector<state_description> descriptions_of(const stateful_operator& op) {
  std::vector<state_description> all;
  for (const declared_state& state : op.keyed_states)
    all.push_back(state.description);
  return all;
}

subtask_metadata subtask_of_handle(const stateful_operator& op, std::uint32_t subtask,
                                   const task_handle& handle) {
  subtask_metadata saved;
  saved.index = subtask;
  if (is_keyed(op))
    saved.keyed = handle.keyed;
  for (const auto& [name, file] : handle.operators)
    if (name == op.name)
      saved.operator_state = file;
  return saved;
}

struct located_operator {
  chain_index chain;
  const stateful_operator* op;
};

std::optional<located_operator> find_operator(const job_graph& graph,
                                              const std::string& name) {
  for (chain_index i = 0; i < graph.chains().size(); ++i)
    for (const auto& op : graph.chains()[i].operators)
      if (op.name == name)
        return located_operator{i, &op};
  return std::nullopt;
}

/// Collects what does not fit, one clause each.
class mismatches {
public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    clauses_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  std::vector<std::string> take() { return std::move(clauses_); }

private:
  std::vector<std::string> clauses_;
};

row_migration migration_of(const operator_metadata& saved,
                           const stateful_operator& declared) {
  return {saved, declared.keyed_states, declared.states_by_name};
}

bool saves_by_task(const operator_metadata& saved) {
  return std::ranges::any_of(saved.subtasks, [](const subtask_metadata& subtask) {
    return subtask.operator_state.has_value();
  });
}

void compare_operator(const planned_chain& planned, const operator_metadata& saved,
                      const stateful_operator& declared, mismatches& found) {
  if (saved.parallelism != planned.parallelism && !declared.rescales &&
      saves_by_task(saved))
    found.add("operator '{}' was written at parallelism {}, the job runs at {}, and what "
              "each of its tasks saved cannot be divided anew; run it with -p {}, or say "
              "so in the job",
              saved.name, saved.parallelism, planned.parallelism, saved.parallelism);
  if (saved.subtasks.size() != saved.parallelism)
    found.add("operator '{}' lists {} subtasks at parallelism {}", saved.name,
              saved.subtasks.size(), saved.parallelism);
  for (std::uint32_t i = 0; i < saved.subtasks.size(); ++i)
    if (saved.subtasks[i].index != i)
      found.add("operator '{}' lists subtask {} where {} belongs", saved.name,
                saved.subtasks[i].index, i);
  if (planned.parallelism > saved.max_parallelism)
    found.add(
        "operator '{}' has parallelism {}, and its state was written for at most {} "
        "tasks, for as long as it lives; lower the parallelism",
        saved.name, planned.parallelism, saved.max_parallelism);
  else if (saved.max_parallelism != planned.max_parallelism)
    found.add("operator '{}' was written at max parallelism {}, the job runs at {}; set "
              "pipeline.max-parallelism to {}",
              saved.name, saved.max_parallelism, planned.max_parallelism,
              saved.max_parallelism);
  const row_migration migration = migration_of(saved, declared);
  for (const std::string& mismatch : migration.mismatches())
    found.add("{}", mismatch);
}

/// The rows of a task's key groups, whoever had them.
std::vector<keyed_source> keyed_sources(const operator_metadata& saved,
                                        const planned_chain& planned,
                                        const planned_task& task) {
  const auto own =
      key_groups_of(task.subtask, planned.parallelism, planned.max_parallelism);
  std::vector<keyed_source> sources;
  for (const subtask_metadata& subtask : saved.subtasks) {
    const auto theirs =
        key_groups_of(subtask.index, saved.parallelism, saved.max_parallelism);
    const key_group_range both{std::max(own.first, theirs.first),
                               std::min(own.last, theirs.last)};
    if (subtask.keyed && both.first <= both.last)
      sources.push_back({*subtask.keyed, both});
  }
  return sources;
}

void give_back(const operator_metadata& saved, const stateful_operator& declared,
               const planned_chain& planned, const planned_task& task,
               restored_task& to) {
  if (auto sources = keyed_sources(saved, planned, task); !sources.empty()) {
    to.keyed = std::move(sources);
    if (auto migration = migration_of(saved, declared); !migration.identity())
      to.migration = std::make_shared<const row_migration>(std::move(migration));
  }
  if (!saves_by_task(saved))
    return;
  restored_operator op{saved.name, std::nullopt, {}};
  const bool same_tasks = saved.parallelism == planned.parallelism;
  if (same_tasks)
    op.own = saved.subtasks[task.subtask].operator_state;
  if (!same_tasks || declared.reads_all)
    for (const subtask_metadata& subtask : saved.subtasks)
      op.before.push_back(subtask.operator_state);
  to.operators.push_back(std::move(op));
}

} // namespace

std::string subtask_label(const std::string& operator_name, std::uint32_t subtask) {
  return fmt::format("{}-{}", operator_name, subtask);
}

std::string partly_ended(const job_graph& graph, const execution_plan& plan,
                         const std::vector<task_handle>& handles) {
  for (chain_index i = 0; i < graph.chains().size(); ++i) {
    const auto united =
        std::ranges::find_if(graph.chains()[i].operators, &stateful_operator::reads_all);
    if (united == graph.chains()[i].operators.end())
      continue;
    const auto ended = std::ranges::count_if(handles, [&](const task_handle& handle) {
      return handle.ended && plan.task(handle.task).chain == i;
    });
    if (ended > 0 && ended < plan.chains[i].parallelism)
      return fmt::format("{} of {} subtasks of operator '{}' have come to their end, and "
                         "what they had in its union_list would be missing",
                         ended, plan.chains[i].parallelism, united->name);
  }
  return "";
}

std::vector<operator_metadata>
assemble_operators(const job_graph& graph, const execution_plan& plan,
                   const std::vector<task_handle>& handles) {
  std::vector<operator_metadata> operators;
  for (chain_index i = 0; i < graph.chains().size(); ++i)
    for (const auto& op : graph.chains()[i].operators) {
      operator_metadata described{op.name,
                                  plan.chains[i].parallelism,
                                  plan.chains[i].max_parallelism,
                                  descriptions_of(op),
                                  {},
                                  op.states_by_name};
      for (const auto& handle : handles) {
        const planned_task& task = plan.task(handle.task);
        if (task.chain == i)
          described.subtasks.push_back(subtask_of_handle(op, task.subtask, handle));
      }
      operators.push_back(std::move(described));
    }
  return operators;
}

std::vector<std::string> restore_mismatches(const job_graph& graph,
                                            const execution_plan& plan,
                                            const std::string& state_backend,
                                            const checkpoint_metadata& checkpoint) {
  mismatches found;
  if (checkpoint.state_backend != state_backend && !checkpoint.savepoint)
    found.add("it was written by the state backend '{}', this job uses '{}'; choose that "
              "one with state.backend.type, or restore from a savepoint, which any "
              "backend can read",
              checkpoint.state_backend, state_backend);
  for (const auto& saved : checkpoint.operators) {
    const auto located = find_operator(graph, saved.name);
    if (!located)
      found.add(
          "operator '{}' is in the checkpoint and not in the job; give the operator "
          "its name back, or leave its state behind with -n",
          saved.name);
    else
      compare_operator(plan.chains[located->chain], saved, *located->op, found);
  }
  for (const std::string& mismatch : in_flight_mismatches(graph, checkpoint))
    found.add("{}", mismatch);
  return found.take();
}

std::string name_of(const checkpoint_metadata& checkpoint) {
  return fmt::format("{}{}", checkpoint.savepoint ? "savepoint " : "chk-",
                     checkpoint.id.value);
}

std::vector<std::string> skip_unclaimed(const job_graph& graph,
                                        checkpoint_metadata& checkpoint) {
  std::vector<std::string> skipped;
  std::erase_if(checkpoint.operators, [&](const operator_metadata& saved) {
    if (find_operator(graph, saved.name))
      return false;
    skipped.push_back(saved.name);
    return true;
  });
  return skipped;
}

restore_plan plan_restore(const job_graph& graph, const execution_plan& plan,
                          const std::string& state_backend,
                          const checkpoint_metadata& checkpoint) {
  const auto found = restore_mismatches(graph, plan, state_backend, checkpoint);
  if (!found.empty())
    throw error(failure::restore_refused,
                fmt::format("restoring from {} refused: {}", name_of(checkpoint),
                            fmt::join(found, "; ")));

  restore_plan restored;
  for (const auto& task : plan.tasks)
    restored.push_back({task.id, {}, nullptr, {}});
  for (const auto& saved : checkpoint.operators) {
    const auto located = find_operator(graph, saved.name);
    for (const auto& task : plan.tasks)
      if (task.chain == located->chain)
        give_back(saved, *located->op, plan.chains[task.chain], task,
                  restored[task.id.value]);
  }
  return restored;
}

} // namespace weir
