// The half of task_driver.hpp that has to do with checkpoints: when a barrier is taken,
// and what is done then.
#include "runtime/task_driver.hpp"
#include "serialization/crash_point.hpp"
#include "serialization/deliberate_fault.hpp"

namespace weir {

namespace {

/// Blocks that one record may still become when a barrier overtakes the batches behind
/// it; if it becomes more, the barrier waits for it.
constexpr int overdraft_blocks = 4096;

} // namespace

void task_driver::inject(const barrier& begun, steady_time now) {
  WEIR_CHECK(is_source_ || planned_.is_head() || phase_ == phase::finished);
  injected_ = begun;
  crash_point("barrier.injected");
  answer_injected(now);
}

/// Not in the middle of a record: a source has no position there. Not at a head to which
/// the barrier comes along a channel.
void task_driver::answer_injected(steady_time now) {
  if (injected_ && injected_->id <= last_snapshot_)
    injected_.reset(); // its barrier came along a channel before the end did
  if (fault("source.silent-after-end") && is_source_ && phase_ == phase::finished)
    injected_.reset();
  if (!injected_ || !gate_.input_ended() || !window_.empty() || behind_window_)
    return;
  if (now >= injected_->overtakes_at && phase_ == phase::running)
    finish_record(now);
  if (task_->between_records())
    take_snapshot(*std::exchange(injected_, {}), now);
}

/// A barrier that has waited long enough is taken before all that is still to be
/// processed; the checkpoint takes that in.
void task_driver::overtake_when_due(steady_time now) {
  const auto due = barrier_in_sight();
  if (!due || now < due->overtakes_at || phase_ != phase::running || !finish_record(now))
    return;
  std::vector<batch_in_flight> taken;
  for (const taken_batch& each : window_)
    taken.push_back(each.data);
  if (behind_window_ && behind_window_->at.id == due->id) {
    behind_window_.reset(); // its channels are aligned: only the window is before it
    gate_.log().open(due->id, std::move(taken));
  } else {
    gate_.overtake(*due, std::move(taken));
  }
  crash_point("barrier.overtook-input");
  take_snapshot(*due, now);
}

std::optional<barrier> task_driver::barrier_in_sight() const {
  if (behind_window_ && behind_window_->what == input_gate::turn::kind::aligned)
    return behind_window_->at;
  return gate_.may_overtake();
}

std::optional<steady_time> task_driver::next_overtaking() const {
  std::optional<steady_time> next;
  const auto waits_for = [&](const std::optional<barrier>& waiting) {
    if (waiting && waiting->may_overtake())
      bring_forward(next, waiting->overtakes_at);
  };
  if (phase_ == phase::running)
    waits_for(barrier_in_sight());
  waits_for(outbox_.waiting_barrier());
  return next;
}

/// Whether nothing is left of a record. What is left goes to the outbox, though nobody
/// takes it.
bool task_driver::finish_record(steady_time now) {
  outbox_.allow_overdraft(true);
  for (int i = 0; i < overdraft_blocks && !task_->between_records(); ++i) {
    slice_budget block(1, slice_budget::clock::time_point::max());
    if (is_source_)
      poll(block, now);
    else if (fires_later_ || window_.empty())
      fires_later_ = task_->fire_timers(block);
    else
      process_front(block);
  }
  outbox_.allow_overdraft(false);
  return task_->between_records();
}

void task_driver::abandon(checkpoint_id id) {
  in_flight_.abandon(id);
  gate_.abandon(id);
  watch_.abandoned(id);
  if (injected_ && injected_->id == id)
    injected_.reset();
  if (stopped_at_ == id)
    stopped_at_.reset();
  rows_.abandon(id);
  task_->checkpoint_aborted(id);
  crash_point("task.abandoned");
}

/// After its end a task still answers, and its barrier goes before an end that waits.
void task_driver::take_snapshot(const barrier& at, steady_time now) {
  port_.barrier_pause_begins(at.id);
  last_snapshot_ = at.id;
  if (at.stops) {
    stopped_at_ = at.id;
    crash_point("stop.task-stopped");
  }
  watch_.at_barrier(at.id);
  if (phase_ == phase::running)
    close_batches();
  outbox_.forward(at);
  crash_point("barrier.out");
  upload_request request{.task = planned_.id,
                         .checkpoint = at.id,
                         .run = nullptr,
                         .operators = task_->snapshot(at.id),
                         .now = told_,
                         .sealed = 0,
                         .in_flight_follows = in_flight_.begin(at, now),
                         .ended = phase_ != phase::running};
  crash_point("snapshot.saved");
  if (phase_ == phase::finished)
    crash_point("task.answered-after-end");
  if (rows_.keeps_rows())
    rows_.seal(std::move(request));
  else
    port_.upload(std::move(request));
  port_.barrier_pause_ends();
}

} // namespace weir
