#include "runtime/testing/harness_snapshot.hpp"

#include "state/row_key.hpp"

namespace weir::testing {

namespace {

/// The subtask that owns an encoded row: its key begins with its key group.
std::uint32_t owner_of(const std::string& key, const planned_chain& chain) {
  const key_group group = group_of_row(std::as_bytes(std::span(key)));
  return subtask_of(group, chain.parallelism, chain.max_parallelism);
}

std::string copied(std::span<const std::byte> from) {
  return {reinterpret_cast<const char*>(from.data()), from.size()};
}

} // namespace

void harness_snapshot::add(const execution_plan& plan, upload_request request) {
  const planned_task& task = plan.task(request.task);
  if (request.run)
    lay_over(rows_[task.chain], plan, task, *request.run);
  auto& subtasks = operators_[task.chain];
  subtasks.resize(plan.chain_of(task).parallelism);
  restored_operators& saved = subtasks[task.subtask];
  saved.clear();
  for (operator_snapshot& each : request.operators) {
    if (each.make_durable)
      each.make_durable();
    saved.emplace(std::move(each.operator_name), std::move(each.bytes));
  }
  ++parts_;
}

void harness_snapshot::lay_over(rows& known, const execution_plan& plan,
                                const planned_task& task, const encoded_run& run) {
  if (run.whole())
    std::erase_if(known, [&](const auto& row) {
      return owner_of(row.first, plan.chain_of(task)) == task.subtask;
    });
  for (const encoded_rows& part : run.parts())
    for (std::size_t row = 0; row < part.rows(); ++row)
      if (part.removed(row))
        known.erase(copied(part.key(row)));
      else
        known.insert_or_assign(copied(part.key(row)), copied(part.value(row)));
}

std::optional<std::string> harness_snapshot::undividable(const job_graph& graph,
                                                         const execution_plan& to) const {
  for (const auto& [chain, subtasks] : operators_) {
    if (subtasks.size() == to.chains[chain].parallelism)
      continue;
    for (const stateful_operator& op : graph.chains()[chain].operators)
      if (!op.rescales && std::ranges::any_of(subtasks, [&](const auto& saved) {
            return saved.contains(op.name);
          }))
        return op.name;
  }
  return std::nullopt;
}

task_start harness_snapshot::start_of(const job_graph& graph, const execution_plan& plan,
                                      const planned_task& task) const {
  task_start start;
  const auto found = operators_.find(task.chain);
  if (found == operators_.end())
    return start;
  const auto& subtasks = found->second;
  const bool same_tasks = subtasks.size() == plan.chain_of(task).parallelism;
  if (same_tasks)
    start.saved = subtasks[task.subtask];
  for (const stateful_operator& op : graph.chains()[task.chain].operators) {
    if (same_tasks && !op.reads_all)
      continue;
    operator_parts parts;
    for (const restored_operators& each : subtasks) {
      const auto saved = each.find(op.name);
      parts.push_back(saved == each.end() ? std::nullopt : std::optional(saved->second));
    }
    start.before.emplace(op.name, std::make_shared<operator_parts>(std::move(parts)));
  }
  return start;
}

void harness_snapshot::read_rows(const execution_plan& plan, const planned_task& task,
                                 encoded_rows& into) const {
  for (const auto& [key, value] : rows_.at(task.chain)) {
    if (owner_of(key, plan.chain_of(task)) != task.subtask)
      continue;
    std::byte* const room = into.append({key.size(), value.size()});
    std::memcpy(room, key.data(), key.size());
    std::memcpy(room + key.size(), value.data(), value.size());
  }
}

} // namespace weir::testing
