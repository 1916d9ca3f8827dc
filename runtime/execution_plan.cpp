#include "runtime/execution_plan.hpp"

#include "operators/job_loops.hpp"
#include "serialization/error.hpp"
#include "state/key_group.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir {

namespace {

/// What the operators of a chain had when a checkpoint was taken.
std::optional<std::uint32_t> saved_max_parallelism(const chain& declared,
                                                   const checkpoint_metadata* restored) {
  if (restored == nullptr)
    return std::nullopt;
  for (const stateful_operator& op : declared.operators) {
    const auto saved =
        std::ranges::find(restored->operators, op.name, &operator_metadata::name);
    if (saved != restored->operators.end())
      return saved->max_parallelism;
  }
  return std::nullopt;
}

planned_chain plan_chain(const chain& declared, std::uint32_t parallelism,
                         std::uint32_t max_parallelism,
                         const checkpoint_metadata* restored) {
  planned_chain planned;
  planned.parallelism = declared.parallelism.value_or(parallelism);
  const auto saved = saved_max_parallelism(declared, restored);
  const bool derived = !declared.max_parallelism && max_parallelism == 0;
  // State for fewer tasks than that, or of more groups than there can be, is refused
  // together with whatever else does not fit.
  if (derived && saved && planned.parallelism <= *saved &&
      *saved <= max_parallelism_limit)
    planned.max_parallelism = *saved;
  else if (derived)
    planned.max_parallelism = default_max_parallelism(planned.parallelism);
  else
    planned.max_parallelism = declared.max_parallelism.value_or(max_parallelism);
  if (planned.parallelism > planned.max_parallelism)
    throw error(failure::usage,
                fmt::format("'{}' has parallelism {} and max parallelism {}; lower the "
                            "first or raise the second (.max_parallelism() or "
                            "pipeline.max-parallelism)",
                            declared.name, planned.parallelism, planned.max_parallelism));
  return planned;
}

/// Whether sender `from` of `senders` has a channel to receiver `to` of `receivers`.
/// Where there are more of one side, each of the other side has an equal share of them.
bool joined(topology joins, std::uint64_t from, std::uint64_t senders, std::uint64_t to,
            std::uint64_t receivers) {
  if (joins == topology::all_to_all)
    return true;
  return senders <= receivers ? to * senders / receivers == from
                              : from * receivers / senders == to;
}

/// The head of an iteration has as many tasks as the chain that leads to it.
std::uint32_t tasks_before(const job_graph& graph, chain_index chain,
                           const execution_plan& plan, std::uint32_t otherwise) {
  const auto into = std::ranges::find(graph.edges(), chain, &edge::to);
  const bool planned = into != graph.edges().end() && into->from < plan.chains.size();
  const bool head = !graph.chains()[chain].iteration.empty();
  return head && planned ? plan.chains[into->from].parallelism : otherwise;
}

/// In a loop a record that a checkpoint has taken in could go round and come in once more
/// before the barrier does: there, barriers overtake nothing.
void add_channel(planned_task& sender, planned_task& receiver, const edge& along,
                 bool in_loop) {
  const auto out = static_cast<std::uint32_t>(sender.outputs.size());
  const auto in = static_cast<std::uint32_t>(receiver.inputs.size());
  sender.outputs.push_back({receiver.id, in});
  if (in_loop)
    sender.onward.push_back(out);
  if (along.feedback)
    sender.back.push_back(out);
  receiver.inputs.push_back({{sender.id, out},
                             along.input,
                             along.timed && !along.feedback,
                             along.feedback,
                             along.wire == nullptr || in_loop});
}

/// The channels of one edge.
void join_tasks(execution_plan& plan, const std::vector<std::uint32_t>& first_task,
                const edge& along, bool in_loop) {
  const planned_chain& senders = plan.chains[along.from];
  const planned_chain& receivers = plan.chains[along.to];
  for (std::uint32_t from = 0; from < senders.parallelism; ++from) {
    planned_task& sender = plan.tasks[first_task[along.from] + from];
    way_out way{static_cast<out_channel>(sender.outputs.size()), 0,
                receivers.max_parallelism, along.output};
    for (std::uint32_t to = 0; to < receivers.parallelism; ++to)
      if (joined(along.joins, from, senders.parallelism, to, receivers.parallelism)) {
        add_channel(sender, plan.tasks[first_task[along.to] + to], along, in_loop);
        ++way.channels;
      }
    sender.ways.push_back(way);
  }
}

} // namespace

execution_plan plan_execution(const job_graph& graph, std::uint32_t parallelism,
                              std::uint32_t max_parallelism,
                              const checkpoint_metadata* restored) {
  execution_plan plan;
  std::vector<std::uint32_t> first_task;
  for (chain_index i = 0; i < graph.chains().size(); ++i) {
    plan.chains.push_back(plan_chain(graph.chains()[i],
                                     tasks_before(graph, i, plan, parallelism),
                                     max_parallelism, restored));
    first_task.push_back(static_cast<std::uint32_t>(plan.tasks.size()));
    for (std::uint32_t subtask = 0; subtask < plan.chains[i].parallelism; ++subtask)
      plan.tasks.push_back({task_id{first_task[i] + subtask}, i, subtask});
  }
  const auto loops = loops_of(graph);
  for (const bool feedback : {false, true})
    for (const edge& each : graph.edges())
      if (each.feedback == feedback)
        join_tasks(plan, first_task, each,
                   loops[each.from] && loops[each.from] == loops[each.to]);
  return plan;
}

} // namespace weir
