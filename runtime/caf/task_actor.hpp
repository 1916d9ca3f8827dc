// A task as an actor: every message is handed to the driver as a fact, and work is a
// message to itself, one slice long, so that no batch ever stands between a task and its
// barrier.
#pragma once

#include "runtime/caf/job_actor.hpp"
#include "runtime/caf/messages.hpp"
#include "runtime/job_setup.hpp"
#include "runtime/pause_meter.hpp"
#include "runtime/task_driver.hpp"

namespace weir {

class task_actor final : public job_actor, private task_port {
public:
  task_actor(caf::actor_config& config, const job_setup& setup, attempt_id attempt,
             task_id id, caf::actor coordinator);

  ~task_actor() override { tsan_acquire(static_cast<job_actor*>(this)); }

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void start(messages::start& from);
  void work();
  void schedule_work();
  void wake_at(steady_time then);

  /// Runs a fact through the driver if it is of this attempt, then sees to the work that
  /// it may have made, unless it says that it has made none.
  template <class Message, class Fact>
  void on(Message& message, Fact fact);
  template <class Action>
  void guarded(Action action);
  void fail(const error& cause);

  void send_along(out_channel to, channel_item item) override;
  void return_credit(in_channel from, batch_ref emptied) override;
  void upload(upload_request request) override;
  void upload_in_flight(data_in_flight overtaken) override;
  void request_rows(encoded_rows empty) override;
  void decline_rows() override;
  void look_up(encoded_rows missing, encoded_rows found) override;
  void finished() override;
  void barrier_pause_begins(checkpoint_id of) override;
  void barrier_pause_ends() override;

  const job_setup& setup_;
  attempt_id attempt_;
  const planned_task& planned_;
  task_watch& watch_;
  caf::actor coordinator_;
  caf::actor uploader_;
  caf::actor reader_;
  std::vector<caf::actor> peers_;
  std::unique_ptr<task_driver> driver_;

  bool working_ = false;
  bool work_scheduled_ = false;
  std::optional<steady_time> woken_at_; // the earliest wake under way

  std::optional<pause_meter> meter_; // if the pauses of tasks with an input are asked for
};

} // namespace weir
