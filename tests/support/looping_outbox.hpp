// The way from one task to the next without a runtime: what is shipped is processed by
// the next task, and the emptied batches come back.
#pragma once

#include "operators/job.hpp"

#include <vector>

namespace weir::test {

class looping_outbox final : public outbox {
public:
  void ship(out_channel, batch_ref full) override { full_.push_back(std::move(full)); }
  batch_ref recycled(out_channel) override {
    if (empty_.empty())
      return {};
    batch_ref one = std::move(empty_.back());
    empty_.pop_back();
    return one;
  }
  /// One batch waits at most, so that the two tasks take turns.
  bool congested() const noexcept override { return !full_.empty(); }

  /// Gives what was shipped to `next`.
  void deliver(task& next) {
    for (batch_ref& batch : full_) {
      slice_budget budget(1000, slice_budget::clock::time_point::max());
      for (std::size_t at = 0; at < batch->size();)
        at = next.process(0, *batch, at, budget);
      batch->clear();
      empty_.push_back(std::move(batch));
    }
    full_.clear();
  }

private:
  std::vector<batch_ref> full_;
  std::vector<batch_ref> empty_;
};

/// Runs a job of two chains, a source and what is behind its one exchange, on one task
/// each. `between_turns` is called whenever all that was emitted has been processed.
template <class F>
void run_two_tasks(job& target, looping_outbox& between, F between_turns) {
  task_context context;
  context.ways = {way_out{}};
  context.outbox = &between;
  const auto source = target.graph().chains()[0].make_task(context);
  const auto next = target.graph().chains()[1].make_task({});
  source->start({});
  next->start({});
  poll_result polled;
  while (polled.what != poll_result::next::ended) {
    slice_budget budget(1000, slice_budget::clock::time_point::max());
    polled = source->poll(budget, {});
    if (polled.what == poll_result::next::ended)
      source->close_batches();
    between.deliver(*next);
    between_turns();
  }
  next->finish();
}

inline void run_two_tasks(job& target, looping_outbox& between) {
  run_two_tasks(target, between, [] {});
}

} // namespace weir::test
