#include "runtime/job_watch.hpp"

namespace weir {

namespace {

void add(operator_figures& sum, const task_watch& task, steady_time now) {
  using enum task_count;
  const task_counters& counts = task.counters;
  sum.records_in += counts[records_in] + counts[rows_read];
  sum.bytes_in += counts[bytes_in];
  sum.records_out += counts[records_out] + counts[rows_written];
  sum.bytes_out += counts[bytes_out];
  sum.malformed += counts[malformed];
  sum.late += counts[late];

  const auto times = task.times.at(now);
  sum.busy += times[static_cast<std::size_t>(task_state::busy)];
  sum.back_pressured += times[static_cast<std::size_t>(task_state::back_pressured)];
  sum.idle += times[static_cast<std::size_t>(task_state::idle)];
  sum.batches_queued += task.batches_queued();
  sum.batches_waiting += task.batches_waiting();
}

/// The lesser one, if it is a time at all: neither before all nor after all.
void hold_back(std::optional<event_time>& least, event_time other) {
  if (other != event_time::min() && other != event_time::max())
    least = std::min(least.value_or(other), other);
}

} // namespace

job_watch::job_watch(const job_graph& graph, const execution_plan& plan)
    : tasks_(plan.tasks.size()) {
  for (chain_index i = 0; i < plan.chains.size(); ++i) {
    operator_figures& chain = chains_.emplace_back();
    chain.name = graph.chains()[i].name;
    chain.parallelism = plan.chains[i].parallelism;
  }
  for (const auto& planned : plan.tasks)
    chain_of_.push_back(planned.chain);
}

job_figures job_watch::figures(steady_time now) const {
  job_figures figures;
  figures.operators = chains_;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    const task_counters& counts = tasks_[i].counters;
    figures.rows_read += counts[task_count::rows_read];
    figures.rows_written += counts[task_count::rows_written];
    figures.malformed += counts[task_count::malformed];
    figures.late += counts[task_count::late];
    operator_figures& of_chain = figures.operators[chain_of_[i]];
    add(of_chain, tasks_[i], now);
    hold_back(of_chain.watermark, tasks_[i].passed());
    hold_back(figures.watermark, tasks_[i].passed());
  }
  return figures;
}

void job_watch::go_back(std::optional<checkpoint_id> to) {
  for (auto& task : tasks_)
    task.go_back(to);
}

} // namespace weir
