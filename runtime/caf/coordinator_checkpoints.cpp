// The part of the coordinator that takes checkpoints.
#include "operators/abi_stamp.hpp"
#include "runtime/caf/coordinator_actor.hpp"
#include "runtime/task_failure.hpp"
#include "serialization/crash_point.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

std::int64_t utc_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::uint64_t in_flight_bytes_of(const checkpoint_metadata& metadata) {
  std::uint64_t bytes = 0;
  for (const auto& in_flight : metadata.in_flight)
    bytes += in_flight.file.size;
  return bytes;
}

std::uint64_t bytes_of(const checkpoint_metadata& metadata) {
  std::uint64_t bytes = 0;
  for (const auto& op : metadata.operators)
    for (const auto& subtask : op.subtasks) {
      if (subtask.operator_state)
        bytes += subtask.operator_state->size;
      if (!subtask.keyed)
        continue;
      bytes += subtask.keyed->file.size;
      for (const auto& file : subtask.keyed->shared)
        bytes += file.size;
    }
  return bytes + in_flight_bytes_of(metadata);
}

} // namespace

void coordinator_actor::begin_due_checkpoints() {
  if (phase_ != phase::running || !takes_checkpoints())
    return;
  while (const auto what = admission_.next(clock().now())) {
    if (*what == checkpoint_request::savepoint)
      place_savepoint();
    else if (*what == checkpoint_request::manual)
      begin_ordered();
    else
      begin_checkpoint(take_id(), /*savepoint=*/false);
  }
  set_alarms();
}

/// An alarm that was set before is never too late: a checkpoint that begins later is due
/// later, and expires later.
void coordinator_actor::set_alarms() {
  if (const auto due = admission_.wake_at(); due && !due_alarm_) {
    due_alarm_ = true;
    scheduled_send(this, *due, messages::checkpoint_due{attempt_});
  }
  if (const auto expiry = ledger_.next_expiry(); expiry && !expiry_alarm_) {
    expiry_alarm_ = true;
    scheduled_send(this, *expiry, messages::checkpoint_expires{attempt_});
  }
  watch_barriers();
}

checkpoint_id coordinator_actor::take_id() {
  const checkpoint_id id = next_checkpoint_;
  ++next_checkpoint_.value;
  return id;
}

void coordinator_actor::begin_checkpoint(checkpoint_id id, bool savepoint, bool full) {
  const auto now = clock().now();
  ledger_.begin(id, {now, utc_milliseconds(), now + setup_.config.checkpoint_timeout,
                     savepoint, full});
  if (full)
    send(uploader(), messages::make_full{attempt_, id});
  for (const auto& planned : setup_.plan.tasks)
    if (planned.is_source() || planned.is_head())
      inject(planned.id, id);
  for (const task_id task : finished_)
    if (!setup_.plan.task(task).is_source())
      inject(task, id);
  crash_point("checkpoint.triggered");
}

void coordinator_actor::inject(task_id task, checkpoint_id id) {
  barrier begun{id};
  begun.stops = is_savepoint(id) && savepoint_->order->then == after_savepoint::stop;
  if (setup_.config.unaligned && !is_savepoint(id))
    begun.overtakes_at = ledger_.find(id)->at + setup_.config.aligned_timeout;
  send(running_.members[task.value], messages::inject{attempt_, begun});
}

void coordinator_actor::acknowledged(messages::acknowledge& ack) {
  crash_point("acknowledge.arrived");
  if (ledger_.acknowledge(ack.id, std::move(*ack.handle)) !=
      checkpoint_ledger::verdict::complete)
    return;
  crash_point("acknowledge.last");
  checkpoint_metadata metadata;
  metadata.id = ack.id;
  metadata.job_id = setup_.job_id;
  metadata.job_name = setup_.job_name;
  metadata.weir_version = WEIR_VERSION;
  metadata.state_backend = to_string(setup_.backend.kind);
  metadata.triggered_at_ms = ledger_.find(ack.id)->utc_ms;
  metadata.completed_at_ms = utc_milliseconds();
  metadata.savepoint = ledger_.find(ack.id)->savepoint;
  metadata.row_files = ledger_.find(ack.id)->full;
  const auto handles = ledger_.take_handles(ack.id);
  if (const auto why = partly_ended(setup_.graph, setup_.plan, handles); !why.empty())
    return checkpoint_failed(ack.id, checkpoint_failure::declined_closing, why);
  metadata.operators = assemble_operators(setup_.graph, setup_.plan, handles);
  for (const task_handle& handle : handles)
    if (handle.in_flight)
      metadata.in_flight.push_back(*handle.in_flight);
  auto& committing = committing_[ack.id];
  committing = std::make_shared<const checkpoint_metadata>(std::move(metadata));
  // A savepoint that the job goes on from is no turning point for anybody outside.
  const bool settles =
      !is_savepoint(ack.id) || savepoint_->order->then != after_savepoint::go_on;
  send(uploader(), messages::commit{attempt_, committing, settles});
}

void coordinator_actor::committed(const messages::committed& at) {
  crash_point("complete.committed");
  const auto begun = ledger_.committed(at.id);
  if (!begun)
    return; // a newer one was committed first
  const auto now = clock().now();
  const checkpoint_metadata& metadata = *committing_.at(at.id);
  completed_checkpoint completed{at.id, at.directory, now - begun->at, bytes_of(metadata),
                                 in_flight_bytes_of(metadata)};
  committing_.erase(at.id);
  admission_.settled(now, true);
  failures_.succeeded(at.id);
  if (is_savepoint(at.id))
    savepoint_taken(std::move(completed));
  else
    checkpoint_taken(std::move(completed));
}

void coordinator_actor::checkpoint_taken(completed_checkpoint completed) {
  const checkpoint_id id = completed.id;
  for (const checkpoint_id older : ledger_.older_than(id)) {
    abort_checkpoint(older);
    answer_order(older,
                 {{},
                  error(failure::job_failed,
                        fmt::format("checkpoint {} was complete before it", id.value))});
  }
  tell_tasks(messages::complete{attempt_, id});
  crash_point("complete.told");
  setup_.observer.completed(completed);
  if (const auto slow = pace_.completed(id, completed.duration))
    setup_.observer.warned(*slow);
  answer_order(id, {completed.directory, {}});
  running_.result.report.checkpoints.push_back(std::move(completed));
  if (last_checkpoint_ && id >= *last_checkpoint_)
    stop_members();
  else
    begin_due_checkpoints();
}

/// All tasks have come to their end. What sinks have written since the newest checkpoint
/// is committed with one more, and until that exists the job has not finished.
void coordinator_actor::begin_last_checkpoint() {
  last_checkpoint_ = next_checkpoint_;
  admission_.request(checkpoint_request::manual);
  begin_due_checkpoints();
}

void coordinator_actor::declined(const messages::decline& by) {
  if (!by.task)
    return checkpoint_failed(by.id, checkpoint_failure::finalize, by.cause.what());
  const planned_task& task = setup_.plan.task(*by.task);
  const error cause = task_failure(setup_.graph.chains()[task.chain], task, by.cause, "");
  checkpoint_failed(by.id, checkpoint_failure::async, cause.what());
}

/// A task has ended, and there are to be no checkpoints without it.
void coordinator_actor::stop_checkpoints(task_id because) {
  const planned_task& ended = setup_.plan.task(because);
  const std::string why = fmt::format(
      "subtask {} of '{}' has come to its end, and "
      "execution.checkpointing.checkpoints-after-tasks-finish.enabled is false",
      ended.subtask, setup_.graph.chains()[ended.chain].name);
  for (const checkpoint_id id : ledger_.incomplete())
    checkpoint_failed(id, checkpoint_failure::not_all_tasks_running, why);
  refuse_admitted();
}

void coordinator_actor::give_up_expired() {
  for (const checkpoint_id id : ledger_.expired(clock().now()))
    checkpoint_failed(id, checkpoint_failure::expired,
                      fmt::format("it was not complete after {} ms, as long as "
                                  "execution.checkpointing.timeout gives it",
                                  setup_.config.checkpoint_timeout.count()));
  begin_due_checkpoints();
}

void coordinator_actor::checkpoint_failed(checkpoint_id id, checkpoint_failure reason,
                                          const std::string& why) {
  if (!ledger_.find(id))
    return; // it has been given up before
  abort_checkpoint(id);
  answer_order(id, {{}, error(failure::job_failed, why)});
  if (is_savepoint(id)) {
    savepoint_failed(error(failure::job_failed, why));
    return begin_due_checkpoints();
  }
  ++running_.result.report.checkpoints_failed;
  switch (failures_.failed(id, reason)) {
  case checkpoint_failures::verdict::exceeded:
    return attempt_failed(
        error(failure::job_failed, too_many_failures(id, failures_.tolerable(), why)));
  case checkpoint_failures::verdict::tolerated:
    setup_.observer.warned(fmt::format("checkpoint {} failed, {} in a row: {}", id.value,
                                       failures_.in_a_row(), why));
    break;
  case checkpoint_failures::verdict::ignored:
    setup_.observer.warned(
        fmt::format("checkpoint {} came to nothing: {}", id.value, why));
    break;
  }
  if (last_checkpoint_ && id >= *last_checkpoint_)
    admission_.request(checkpoint_request::manual); // it is still to come
  begin_due_checkpoints();
}

/// Its files go, and whoever hears of it later forgets it. It makes room for another one
/// when the uploader has done with it: or what is given up would pile up there.
void coordinator_actor::abort_checkpoint(checkpoint_id id) {
  ledger_.abort(id);
  committing_.erase(id);
  const messages::abandon message{attempt_, id};
  tell_tasks(message);
  send(uploader(), message);
  crash_point("checkpoint.given-up");
}

void coordinator_actor::abandoned() {
  admission_.settled(clock().now(), false);
  begin_due_checkpoints();
}

} // namespace weir
