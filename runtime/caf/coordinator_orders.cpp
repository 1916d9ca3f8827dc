// The part of the coordinator that takes the checkpoints that somebody asks for.
//
// Such a checkpoint: 1. waits until the tasks run, also those of the next attempt  2. is
// admitted before what comes due by itself, and begins  3. goes on like any other, and
// counts like any other  4. is complete, or has come to nothing: whoever ordered it is
// told.
#include "runtime/caf/coordinator_actor.hpp"
#include "serialization/crash_point.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

void refuse(const checkpoint_order& order, const std::string& why) {
  order.answer(
      {{}, error(failure::job_failed, fmt::format("there is no checkpoint: {}", why))});
}

} // namespace

void coordinator_actor::checkpoint_ordered(const checkpoint_pointer& order) {
  crash_point("order.arrived");
  if (!setup_.config.checkpoint_interval)
    return refuse(*order, "the job takes none; give it an "
                          "execution.checkpointing.interval, or take a savepoint");
  if (order->form == checkpoint_form::incremental &&
      setup_.backend.kind != backend_kind::rocksdb)
    return refuse(*order, fmt::format("state backend '{}' writes all rows into every "
                                      "one; leave --incremental away",
                                      to_string(setup_.backend.kind)));
  if (phase_ == phase::stopping && !restart_after_ && alive_ > 0)
    return refuse(*order, "the job is over");
  if (phase_ == phase::running && !takes_checkpoints())
    return refuse(*order, "tasks have come to their end, and "
                          "execution.checkpointing.checkpoints-after-tasks-finish."
                          "enabled is false");
  ordered_.push_back(order);
  if (phase_ != phase::running)
    return;
  admission_.request(checkpoint_request::manual);
  begin_due_checkpoints();
}

/// One that was asked for, or the last one of the job, which nobody asks for.
void coordinator_actor::begin_ordered() {
  const checkpoint_id id = take_id();
  bool full = false;
  if (!ordered_.empty()) {
    full = ordered_.front()->form == checkpoint_form::full;
    orders_begun_.emplace(id, std::move(ordered_.front()));
    ordered_.pop_front();
    crash_point("order.begun");
  }
  begin_checkpoint(id, /*savepoint=*/false, full);
}

void coordinator_actor::answer_order(checkpoint_id id, const savepoint_result& result) {
  const auto begun = orders_begun_.extract(id);
  if (begun.empty())
    return;
  if (result.problem)
    refuse(*begun.mapped(), result.problem->what());
  else
    begun.mapped()->answer(result);
  crash_point("order.told");
}

/// Of the attempt that has begun: those that have been waiting for it.
void coordinator_actor::request_ordered() {
  for (std::size_t i = 0; i < ordered_.size(); ++i)
    admission_.request(checkpoint_request::manual);
  if (!ordered_.empty())
    begin_due_checkpoints();
}

/// The attempt ends. Those that have not begun wait for the next one, if there is one.
void coordinator_actor::give_up_ordered(const std::string& why) {
  for (const auto& [id, order] : std::exchange(orders_begun_, {}))
    refuse(*order, why);
  if (!restart_after_)
    for (const auto& order : std::exchange(ordered_, {}))
      refuse(*order, why);
}

std::string coordinator_actor::end_of_attempt() const {
  const job_result& so_far = running_.result;
  return so_far.report.cancelled ? "the job was cancelled"
         : so_far.failed  ? fmt::format("the job failed: {}", so_far.failed->what())
         : restart_after_ ? "the job failed while it was taken"
                          : "the job has finished";
}

} // namespace weir
