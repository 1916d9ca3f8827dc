// All tasks of a harness from one restore to the next: their drivers, and the facts that
// are under way between them. Its steps have one order: facts first, then a slice of the
// foremost task that has work.
#pragma once

#include "runtime/job_watch.hpp"
#include "runtime/task_driver.hpp"
#include "runtime/testing/harness_snapshot.hpp"
#include "runtime/testing/harness_task.hpp"

namespace weir::testing {

struct attempt_options {
  std::uint32_t parallelism = 1;
  bool tiny = false;              // outboxes that are full after one small batch
  std::uint32_t slice_blocks = 1; // what a task does in one go
};

/// What the tasks of each chain know of time, by chain.
using known_times = std::map<chain_index, known_time>;

class harness_attempt {
public:
  /// References stay the caller's. Starts all tasks, from the snapshot if it has parts.
  harness_attempt(const job_graph& graph, const attempt_options& options,
                  const harness_moment& moment, harness_snapshot& snapshot,
                  const known_times& times);
  ~harness_attempt();

  /// Runs until nobody has work, all tasks having a look at the world first.
  void settle();
  /// Barriers through all tasks, into the snapshot.
  void checkpoint(checkpoint_id id);
  known_times times();

  bool finished() const noexcept { return finished_ == workers_.size(); }
  std::uint64_t congestion() const noexcept { return congestion_; }
  std::uint64_t late() const { return watch_.figures({}).late; }

private:
  class worker;
  using fact = std::function<void(task_driver&)>;

  void deliver();
  worker* foremost_with_work();

  const job_graph& graph_;
  execution_plan plan_;
  job_watch watch_;
  harness_snapshot& snapshot_;
  std::vector<std::unique_ptr<worker>> workers_; // by task id
  std::deque<std::pair<task_id, fact>> mail_;
  std::size_t finished_ = 0;
  std::uint64_t congestion_ = 0;
};

} // namespace weir::testing
