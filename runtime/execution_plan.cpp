#include "runtime/execution_plan.hpp"

#include "serialization/check.hpp"

namespace weir {

execution_plan plan_execution(const job_graph& graph, std::uint32_t parallelism,
                              std::uint32_t max_parallelism) {
  WEIR_CHECK(parallelism >= 1 && parallelism <= max_parallelism);
  execution_plan plan{parallelism, max_parallelism, {}};
  const auto id_of = [parallelism](chain_index chain, std::uint32_t subtask) {
    return task_id{static_cast<std::uint32_t>(chain) * parallelism + subtask};
  };
  const auto& chains = graph.chains();
  for (chain_index chain = 0; chain < chains.size(); ++chain)
    for (std::uint32_t subtask = 0; subtask < parallelism; ++subtask)
      plan.tasks.push_back({id_of(chain, subtask), chain, subtask, {}, {}});

  for (chain_index chain = 0; chain < chains.size(); ++chain) {
    if (!chains[chain].upstream)
      continue;
    // All to all: channel j of a task leads to, or comes from, subtask j over there.
    for (std::uint32_t from = 0; from < parallelism; ++from)
      for (std::uint32_t to = 0; to < parallelism; ++to) {
        const task_id sender = id_of(*chains[chain].upstream, from);
        const task_id receiver = id_of(chain, to);
        plan.tasks[sender.value].outputs.push_back({receiver, from});
        plan.tasks[receiver.value].inputs.resize(parallelism);
        plan.tasks[receiver.value].inputs[from] = {sender, to};
      }
  }
  return plan;
}

} // namespace weir
