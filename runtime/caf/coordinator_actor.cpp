#include "runtime/caf/coordinator_actor.hpp"

#include "runtime/caf/reader_actor.hpp"
#include "runtime/caf/task_actor.hpp"
#include "runtime/caf/uploader_actor.hpp"
#include "runtime/unreplayable.hpp"
#include "serialization/crash_point.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

admission_rules rules_of(const run_config& config) {
  return {.interval = config.checkpoint_interval,
          .min_pause = config.checkpoint_min_pause,
          .concurrent = config.checkpoints_concurrent};
}

} // namespace

coordinator_actor::coordinator_actor(caf::actor_config& config, const job_setup& setup,
                                     running_job& running)
    : job_actor(config), setup_(setup), running_(running),
      ledger_(setup.plan.tasks.size()), admission_(rules_of(setup.config)),
      failures_(setup.config.failed_checkpoints_tolerable),
      pace_(setup.config.checkpoint_interval),
      restarts_(chosen_restarts(setup.config), random_stream(setup.seed, 0)) {
  if (setup.initial)
    next_checkpoint_ = {setup.initial->metadata.id.value + 1};
}

caf::behavior coordinator_actor::make_behavior() {
  const actor_turn first(*this);
  job_began_ = clock().now();
  set_down_handler([this](caf::down_msg& down) {
    const actor_turn turn(*this);
    member_down(down);
  });
  send(this, messages::begin_attempt{});
  return {
      [this](messages::begin_attempt) {
        const actor_turn turn(*this);
        begin_attempt();
      },
      [this](messages::prepared& m) { on(m, [&] { start_tasks(m); }); },
      [this](messages::started& m) { on(m, [&] { task_started(); }); },
      [this](messages::checkpoint_due& m) {
        on(m, [&] {
          due_alarm_ = false;
          begin_due_checkpoints();
        });
      },
      [this](messages::checkpoint_expires& m) {
        on(m, [&] {
          expiry_alarm_ = false;
          give_up_expired();
        });
      },
      [this](messages::look_at_tasks& m) { on(m, [&] { look_at_tasks(); }); },
      [this](messages::end_is_overdue& m) {
        const actor_turn turn(*this);
        if (m.attempt == attempt_ && phase_ == phase::stopping)
          tell_overdue();
      },
      [this](messages::acknowledge& m) { on(m, [&] { acknowledged(m); }); },
      [this](messages::committed& m) { on(m, [&] { committed(m); }); },
      [this](messages::savepoint_placed& m) { on(m, [&] { savepoint_placed(m); }); },
      [this](messages::decline& m) { on(m, [&] { declined(m); }); },
      [this](messages::abandoned& m) { on(m, [&] { abandoned(); }); },
      [this](messages::finished& m) { on(m, [&] { task_finished(m); }); },
      [this](messages::failed& m) { on(m, [&] { attempt_failed(m.cause); }); },
      [this](messages::cancel) {
        const actor_turn turn(*this);
        cancel();
      },
      [this](messages::order_savepoint& m) {
        const actor_turn turn(*this);
        savepoint_ordered(m.order);
      },
      [this](messages::order_checkpoint& m) {
        const actor_turn turn(*this);
        checkpoint_ordered(m.order);
      },
  };
}

template <class Message, class Action>
void coordinator_actor::on(Message& message, Action action) {
  const actor_turn turn(*this);
  if (message.attempt == attempt_ && phase_ != phase::stopping)
    action();
}

void coordinator_actor::on_exit() {
  const actor_turn turn(*this);
  running_.members.clear();
  tsan_release(&running_);
}

void coordinator_actor::begin_attempt() {
  ++attempt_.value;
  ++running_.result.report.attempts;
  phase_ = phase::preparing;
  running_.members = {spawn_blocking<uploader_actor>(system(), setup_.simulated, setup_,
                                                     attempt_, handle())};
  monitor(uploader());
  alive_ = 1;
  send(uploader(), messages::prepare{attempt_});
}

void coordinator_actor::start_tasks(messages::prepared& ready) {
  phase_ = phase::starting;
  for (const std::string& warning : ready.warnings)
    setup_.observer.warned(warning);
  restored_ = ready.from;
  if (restored_)
    next_checkpoint_.value = std::max(next_checkpoint_.value, restored_->value + 1);
  std::vector<caf::actor> tasks;
  for (const auto& planned : setup_.plan.tasks) {
    const bool blocking = setup_.graph.chains()[planned.chain].blocking;
    tasks.push_back(spawn_blocking<task_actor>(system(), setup_.simulated || !blocking,
                                               setup_, attempt_, planned.id, handle()));
    monitor(tasks.back());
    tasks_left_.insert(planned.id);
  }
  alive_ += tasks.size();
  unstarted_tasks_ = tasks.size();
  finished_.clear();
  last_checkpoint_.reset();
  setup_.watch->go_back(restored_); // the tasks of the attempt before are gone
  running_.result.report.pauses = {};
  const caf::actor to_disk = uploader();
  std::vector<caf::actor> readers = spawn_readers(ready);
  for (std::size_t i = 0; i < tasks.size(); ++i)
    send(tasks[i],
         messages::start{attempt_, tasks, to_disk, readers[i], std::move(ready.starts[i]),
                         ready.keyed_restored[i], std::move(ready.in_flight[i])});
  std::erase(readers, nullptr);
  running_.members = std::move(tasks);
  std::ranges::move(readers, std::back_inserter(running_.members));
  running_.members.push_back(to_disk);
}

/// By task id; null where nothing is looked up.
std::vector<caf::actor> coordinator_actor::spawn_readers(messages::prepared& ready) {
  std::vector<caf::actor> readers;
  for (auto& rows : ready.readers) {
    if (!rows) {
      readers.push_back(nullptr);
      continue;
    }
    readers.push_back(spawn_blocking<reader_actor>(system(), setup_.simulated, attempt_,
                                                   std::move(rows), handle()));
    monitor(readers.back());
    ++alive_;
  }
  return readers;
}

void coordinator_actor::task_started() {
  if (--unstarted_tasks_ > 0)
    return;
  phase_ = phase::running;
  if (restored_)
    setup_.observer.restored(*restored_, attempt_);
  const bool begun_before = restored_ || attempt_.value > 1;
  if (const auto loss = loss_behind(setup_.graph, restored_);
      begun_before && !loss.empty())
    setup_.observer.warned(loss);
  for (const auto& planned : setup_.plan.tasks)
    send(running_.members[planned.id.value], messages::go{attempt_});
  admission_.start(clock().now());
  due_alarm_ = expiry_alarm_ = barriers_watched_ = false;
  admit_waiting();
  request_ordered();
  set_alarms();
}

void coordinator_actor::task_finished(const messages::finished& task) {
  if (task.pauses) {
    auto& pauses = running_.result.report.pauses;
    pauses.barriers.merge(task.pauses->barriers);
    pauses.slices.merge(task.pauses->slices);
    pauses.gaps.merge(task.pauses->gaps);
  }
  finished_.push_back(task.task);
  if (!takes_checkpoints())
    stop_checkpoints(task.task);
  for (const checkpoint_id pending : ledger_.pending())
    inject(task.task, pending); // its barrier may have no channel left to come along
  if (finished_.size() < setup_.plan.tasks.size())
    return;
  if (draining_)
    end_with_savepoint();
  else if (setup_.graph.commits_output())
    begin_last_checkpoint();
  else
    stop_members();
}

void coordinator_actor::attempt_failed(const error& cause) {
  crash_point("attempt.failed");
  // A checkpoint or an option that does not fit will not fit the next time either.
  const error failed = has_fitted() && cause.kind() == failure::restore_refused
                           ? error(failure::job_failed, cause.what())
                           : cause;
  if (failed.kind() == failure::job_failed)
    restart_after_ = restarts_.failed(clock().now());
  if (restart_after_)
    setup_.observer.restarting(failed.what(), {attempt_.value + 1}, *restart_after_);
  else
    running_.result.failed = failed;
  stop_members();
}

/// Whether tasks have begun with what is restored: a file of it that cannot be read now
/// is a failure like others.
bool coordinator_actor::has_fitted() const {
  return phase_ == phase::running || (phase_ == phase::starting && attempt_.value > 1);
}

void coordinator_actor::cancel() {
  const bool ending = phase_ == phase::stopping && !restart_after_ && alive_ > 0;
  if (ending) // it has finished or failed, and that is what it will say
    return;
  running_.result.report.cancelled = true;
  restart_after_.reset();
  if (phase_ != phase::stopping)
    stop_members();
  else if (alive_ == 0)
    attempt_over(); // it was waiting to be restarted
}

void coordinator_actor::member_down(const caf::down_msg& down) {
  --alive_;
  std::erase_if(tasks_left_, [&](task_id task) {
    return running_.members[task.value].address() == down.source;
  });
  if (phase_ != phase::stopping)
    attempt_failed(error(failure::job_failed, fmt::format("an actor of the job died: {}",
                                                          caf::to_string(down.reason))));
  else if (alive_ == 0)
    attempt_over();
}

void coordinator_actor::stop_members() {
  phase_ = phase::stopping;
  ledger_.abort_all(); // the uploader removes what is unfinished when it exits
  admission_.stop();
  give_up_savepoints();
  give_up_ordered(end_of_attempt());
  committing_.clear();
  for (const auto& member : running_.members)
    send_exit(member, caf::exit_reason::user_shutdown);
  if (alive_ == 0)
    attempt_over();
  else
    watch_end();
}

void coordinator_actor::attempt_over() {
  crash_point("attempt.over");
  running_.members.clear();
  if (restart_after_) {
    delayed_send(this, *restart_after_, messages::begin_attempt{});
    restart_after_.reset();
    return;
  }
  running_.result.report.duration = clock().now() - job_began_;
  running_.result.report.figures = setup_.watch->figures(clock().now());
  running_.result.done = true;
  quit();
}

} // namespace weir
