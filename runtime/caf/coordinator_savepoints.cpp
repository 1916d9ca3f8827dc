// The part of the coordinator that takes savepoints, and ends the job with one.
//
// A savepoint: 1. waits until the tasks run  2. is admitted, and begins when nothing else
// is under way  3. is placed: the uploader makes its directory, before any barrier
// 4. goes on like a checkpoint  5. is taken or has failed: whoever ordered it is told.
// With `drain` the sources end first, and it is admitted when all tasks have finished.
#include "runtime/caf/coordinator_actor.hpp"
#include "serialization/crash_point.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

void refuse(const savepoint_order& order, const std::string& why) {
  order.answer(
      {{}, error(failure::job_failed, fmt::format("there is no savepoint: {}", why))});
}

constexpr const char* after_end_text =
    "tasks have come to their end before it, and "
    "execution.checkpointing.checkpoints-after-tasks-finish.enabled is false";

bool ends_the_job(const savepoint_order& order) {
  return order.then != after_savepoint::go_on;
}

} // namespace

void coordinator_actor::savepoint_ordered(const savepoint_pointer& order) {
  crash_point("savepoint.ordered");
  if (order->root.empty() && setup_.config.savepoint_dir.empty())
    return refuse(*order, "it has no directory to be in; name one, or set "
                          "execution.checkpointing.savepoint-dir");
  if (phase_ == phase::running)
    return admit(order);
  if (phase_ == phase::stopping && !restart_after_ && alive_ > 0)
    return refuse(*order, "the job is over");
  waiting_.push_back(order);
}

void coordinator_actor::admit(const savepoint_pointer& order) {
  if (!takes_checkpoints() ||
      (order->then == after_savepoint::drain && !setup_.config.checkpoints_after_end))
    return refuse(*order, after_end_text);
  const bool all_finished = finished_.size() == setup_.plan.tasks.size();
  if (order->then == after_savepoint::drain && !all_finished) {
    if (draining_)
      return refuse(*order, "the job is being stopped already");
    draining_ = order;
    for (const auto& planned : setup_.plan.tasks)
      if (planned.is_source())
        send(running_.members[planned.id.value], messages::drain{attempt_});
    crash_point("drain.begun");
    return;
  }
  admitted_.push_back(order);
  admission_.request(checkpoint_request::savepoint);
  begin_due_checkpoints();
}

void coordinator_actor::admit_waiting() {
  for (const auto& order : std::exchange(waiting_, {}))
    admit(order);
}

/// Nothing more comes of the job, and the savepoint is the last that is said of it.
void coordinator_actor::end_with_savepoint() {
  crash_point("drain.all-ended");
  admitted_.push_front(std::exchange(draining_, nullptr));
  admission_.request(checkpoint_request::savepoint);
  begin_due_checkpoints();
}

void coordinator_actor::place_savepoint() {
  savepoint_ = {take_id(), admitted_.front()};
  admitted_.pop_front();
  const auto& root = savepoint_->order->root;
  send(uploader(),
       messages::place_savepoint{
           attempt_, savepoint_->id,
           root.empty() ? std::filesystem::path(setup_.config.savepoint_dir) : root});
}

void coordinator_actor::savepoint_placed(const messages::savepoint_placed& answer) {
  crash_point("savepoint.placed");
  if (!answer.problem && takes_checkpoints()) {
    begin_checkpoint(answer.id, /*savepoint=*/true);
    crash_point("savepoint.triggered");
    return set_alarms();
  }
  if (!answer.problem)
    send(uploader(), messages::abandon{attempt_, answer.id}); // settles it, too
  else
    admission_.settled(clock().now(), false);
  savepoint_failed(answer.problem.value_or(error(failure::job_failed, after_end_text)));
  begin_due_checkpoints();
}

void coordinator_actor::savepoint_taken(completed_checkpoint completed) {
  crash_point("savepoint.taken");
  const auto order = std::exchange(savepoint_, {})->order;
  setup_.observer.saved(completed);
  if (!ends_the_job(*order)) {
    order->answer({completed.directory, {}});
    crash_point("savepoint.told");
    return begin_due_checkpoints();
  }
  tell_tasks(messages::complete{attempt_, completed.id});
  crash_point("stop.told");
  running_.result.report.savepoint = std::move(completed.directory);
  running_.result.stopped_by = order;
  stop_members();
}

/// The job goes on, unless nothing is left of it that could.
void coordinator_actor::savepoint_failed(const error& cause) {
  const auto order = std::exchange(savepoint_, {})->order;
  refuse(*order, cause.what());
  setup_.observer.warned(fmt::format("a savepoint failed: {}", cause.what()));
  if (order->then == after_savepoint::drain)
    attempt_failed(error(failure::job_failed,
                         fmt::format("the job was drained for a savepoint, which failed: "
                                     "{}",
                                     cause.what())));
}

/// A task has ended, and there are to be no checkpoints without it.
void coordinator_actor::refuse_admitted() {
  for (const auto& order : std::exchange(admitted_, {}))
    refuse(*order, after_end_text);
}

/// The attempt ends. Those that have not begun wait for the next one, if there is one.
void coordinator_actor::give_up_savepoints() {
  const std::string why = end_of_attempt();
  if (savepoint_)
    refuse(*std::exchange(savepoint_, {})->order, why);
  if (draining_)
    refuse(*std::exchange(draining_, nullptr), why);
  std::ranges::move(std::exchange(admitted_, {}), std::back_inserter(waiting_));
  if (!restart_after_)
    for (const auto& order : std::exchange(waiting_, {}))
      refuse(*order, why);
}

} // namespace weir
