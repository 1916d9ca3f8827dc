// The coordinator as an actor: begins attempts, triggers checkpoints, and decides with
// the pure parts what an acknowledgement, an end or a failure means.
//
// An attempt: 1. preparing (the uploader opens what is restored)  2. starting (every task
// looks at what it starts from; nothing is changed yet, so one refusal leaves all as it
// was)  3. running  4. stopping (everyone has been told to exit; the next step waits
// until all are gone, so that two attempts never touch the same file)  5. over: the next
// attempt, or the end of the job.
#pragma once

#include "runtime/caf/job_actor.hpp"
#include "runtime/caf/messages.hpp"
#include "runtime/checkpoint_admission.hpp"
#include "runtime/checkpoint_failures.hpp"
#include "runtime/checkpoint_ledger.hpp"
#include "runtime/checkpoint_pace.hpp"
#include "runtime/job_setup.hpp"
#include "runtime/restart_policy.hpp"

#include <deque>
#include <map>
#include <set>

namespace weir {

using savepoint_pointer = std::shared_ptr<const savepoint_order>;
using checkpoint_pointer = std::shared_ptr<const checkpoint_order>;

/// What the coordinator shares with whoever started the job.
struct running_job {
  job_result result;
  std::vector<caf::actor> members; // of the running attempt: tasks, readers, the uploader
};

class coordinator_actor final : public job_actor {
public:
  coordinator_actor(caf::actor_config& config, const job_setup& setup,
                    running_job& running);

  ~coordinator_actor() override { tsan_acquire(static_cast<job_actor*>(this)); }

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  enum class phase { preparing, starting, running, stopping };

  /// Acts on a message of this attempt, unless the attempt is being stopped.
  template <class Message, class Action>
  void on(Message& message, Action action);

  void begin_attempt();
  void start_tasks(messages::prepared& ready);
  std::vector<caf::actor> spawn_readers(messages::prepared& ready);
  void task_started();
  void task_finished(const messages::finished& task);
  void attempt_failed(const error& cause);
  bool has_fitted() const;
  void cancel();
  void member_down(const caf::down_msg& down);
  void stop_members();
  void attempt_over();

  // The checkpoints, in coordinator_checkpoints.cpp.
  void begin_due_checkpoints();
  void begin_last_checkpoint();
  void begin_checkpoint(checkpoint_id id, bool savepoint, bool full = false);
  checkpoint_id take_id();
  void inject(task_id task, checkpoint_id id);
  void acknowledged(messages::acknowledge& ack);
  void committed(const messages::committed& at);
  void checkpoint_taken(completed_checkpoint completed);
  void declined(const messages::decline& by);
  void stop_checkpoints(task_id because);
  void give_up_expired();
  void checkpoint_failed(checkpoint_id id, checkpoint_failure reason,
                         const std::string& why);
  void abort_checkpoint(checkpoint_id id);
  void abandoned();
  /// Whether any may still be taken, now that some tasks have ended.
  bool takes_checkpoints() const {
    return setup_.config.checkpoints_after_end || finished_.empty();
  }
  void set_alarms();

  // What hangs, in coordinator_limits.cpp.
  void watch_barriers();
  void look_at_tasks();
  void watch_end();
  void tell_overdue();

  // Savepoints, in coordinator_savepoints.cpp.
  void savepoint_ordered(const savepoint_pointer& order);
  void admit(const savepoint_pointer& order);
  void admit_waiting();
  void place_savepoint();
  void savepoint_placed(const messages::savepoint_placed& answer);
  void savepoint_taken(completed_checkpoint completed);
  void savepoint_failed(const error& cause);
  bool is_savepoint(checkpoint_id id) const { return savepoint_ && savepoint_->id == id; }
  void end_with_savepoint();
  void refuse_admitted();
  void give_up_savepoints();

  // Checkpoints that somebody asks for, in coordinator_orders.cpp.
  void checkpoint_ordered(const checkpoint_pointer& order);
  void begin_ordered();
  void answer_order(checkpoint_id id, const savepoint_result& result);
  void request_ordered();
  void give_up_ordered(const std::string& why);
  /// Why what is under way or wanted comes to nothing with this attempt.
  std::string end_of_attempt() const;

  template <class Message>
  void tell_tasks(const Message& message) {
    for (const auto& planned : setup_.plan.tasks)
      send(running_.members[planned.id.value], message);
  }

  const caf::actor& uploader() const { return running_.members.back(); }
  caf::actor handle() { return caf::actor_cast<caf::actor>(this); }

  const job_setup& setup_;
  running_job& running_;
  phase phase_ = phase::preparing;
  attempt_id attempt_{};
  std::size_t alive_ = 0;
  std::size_t unstarted_tasks_ = 0;
  std::vector<task_id> finished_; // of this attempt
  std::set<task_id> tasks_left_;  // of this attempt: their actors are there

  checkpoint_ledger ledger_;
  checkpoint_admission admission_;
  checkpoint_failures failures_;
  checkpoint_pace pace_;
  restart_policy restarts_;
  checkpoint_id next_checkpoint_{1};
  std::optional<checkpoint_id> restored_;        // what this attempt began from
  std::optional<checkpoint_id> last_checkpoint_; // this one or a later one ends the job
  steady_time job_began_;
  std::map<checkpoint_id, std::shared_ptr<const checkpoint_metadata>> committing_;

  std::vector<savepoint_pointer> waiting_; // until the tasks run
  std::deque<savepoint_pointer> admitted_; // not begun
  savepoint_pointer draining_;             // begins when all tasks have finished
  struct begun_savepoint {
    checkpoint_id id;
    savepoint_pointer order;
  };
  std::optional<begun_savepoint> savepoint_; // under way

  std::deque<checkpoint_pointer> ordered_; // not begun
  std::map<checkpoint_id, checkpoint_pointer> orders_begun_;

  // When somebody looks again; nothing is due before, so one of each is enough.
  bool due_alarm_ = false;
  bool expiry_alarm_ = false;
  bool barriers_watched_ = false;
  std::optional<std::chrono::milliseconds> restart_after_;
};

/// Spawns an actor that may block: on a thread of its own, except in simulation.
template <class Actor, class... Args>
caf::actor spawn_blocking(caf::actor_system& system, bool simulated, Args&&... args) {
  return simulated ? system.spawn<Actor>(std::forward<Args>(args)...)
                   : system.spawn<Actor, caf::detached>(std::forward<Args>(args)...);
}

} // namespace weir
