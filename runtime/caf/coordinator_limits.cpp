// The part of the coordinator that notices a task which does not come back: from the
// barrier of a checkpoint, or to its end. A thread cannot be stopped from outside, so a
// task in user code that hangs would otherwise hang the job without a word.
#include "runtime/caf/coordinator_actor.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

std::string who(const job_setup& setup, task_id task) {
  const planned_task& planned = setup.plan.task(task);
  return fmt::format("operator '{}', subtask {}",
                     setup.graph.chains()[planned.chain].name, planned.subtask);
}

} // namespace

/// While checkpoints are under way tasks are looked at some times within the limit, so
/// that one which exceeds it is found soon after.
void coordinator_actor::watch_barriers() {
  constexpr int looks_within_limit = 4;
  const std::chrono::nanoseconds limit = setup_.config.sync_phase_timeout;
  if (limit.count() == 0 || barriers_watched_ || ledger_.pending().empty())
    return;
  barriers_watched_ = true;
  scheduled_send(this, clock().now() + limit / looks_within_limit,
                 messages::look_at_tasks{attempt_});
}

void coordinator_actor::look_at_tasks() {
  barriers_watched_ = false;
  const auto limit = setup_.config.sync_phase_timeout;
  const auto now = clock().now();
  for (const auto& planned : setup_.plan.tasks) {
    const auto stand = setup_.watch->task(planned.id).stands();
    if (stand.since < now && now - stand.since >= limit)
      return attempt_failed(error(
          failure::job_failed,
          fmt::format("{}: the synchronous part of checkpoint {} is not over after {} "
                      "ms, as long as execution.checkpointing.sync-phase-timeout gives "
                      "it",
                      who(setup_, planned.id), stand.id.value, limit.count())));
  }
  watch_barriers();
}

void coordinator_actor::watch_end() {
  if (const auto limit = setup_.config.cancellation_timeout; limit.count() > 0)
    delayed_send(this, limit, messages::end_is_overdue{attempt_});
}

void coordinator_actor::tell_overdue() {
  if (tasks_left_.empty())
    return;
  std::string others;
  if (tasks_left_.size() > 1)
    others = fmt::format(" and {} more", tasks_left_.size() - 1);
  setup_.observer.stuck(fmt::format(
      "{}{} did not come to an end within {} ms, as long as task.cancellation.timeout "
      "gives them",
      who(setup_, *tasks_left_.begin()), others,
      setup_.config.cancellation_timeout.count()));
}

} // namespace weir
