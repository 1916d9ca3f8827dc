#include "runtime/caf/coordinator_actor.hpp"

#include "operators/abi_stamp.hpp"
#include "runtime/caf/reader_actor.hpp"
#include "runtime/caf/task_actor.hpp"
#include "runtime/caf/uploader_actor.hpp"
#include "runtime/unreplayable.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

std::int64_t utc_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
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
  return bytes;
}

} // namespace

coordinator_actor::coordinator_actor(caf::actor_config& config, const job_setup& setup,
                                     job_control& control)
    : job_actor(config), setup_(setup), control_(control),
      ledger_(setup.plan.tasks.size()),
      restarts_(setup.config.restart_attempts, setup.config.restart_delay) {
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
      [this](messages::tick& m) {
        on(m, [&] {
          delayed_send(this, *setup_.config.checkpoint_interval,
                       messages::tick{attempt_});
          if (admission_.due())
            trigger();
        });
      },
      [this](messages::acknowledge& m) { on(m, [&] { acknowledged(m); }); },
      [this](messages::committed& m) { on(m, [&] { committed(m.id); }); },
      [this](messages::finished& m) { on(m, [&] { task_finished(m); }); },
      [this](messages::failed& m) { on(m, [&] { attempt_failed(m.cause); }); },
      [this](messages::cancel) {
        const actor_turn turn(*this);
        cancel();
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
  control_.members.clear();
  tsan_release(&control_);
}

void coordinator_actor::begin_attempt() {
  ++attempt_.value;
  ++control_.result.report.attempts;
  phase_ = phase::preparing;
  control_.members = {spawn_blocking<uploader_actor>(system(), setup_.simulated, setup_,
                                                     attempt_, handle())};
  monitor(uploader());
  alive_ = 1;
  send(uploader(), messages::prepare{attempt_});
}

void coordinator_actor::start_tasks(messages::prepared& ready) {
  phase_ = phase::starting;
  restored_ = ready.from;
  if (restored_)
    next_checkpoint_.value = std::max(next_checkpoint_.value, restored_->value + 1);
  std::vector<caf::actor> tasks;
  for (const auto& planned : setup_.plan.tasks) {
    const bool blocking = setup_.graph.chains()[planned.chain].blocking;
    tasks.push_back(spawn_blocking<task_actor>(system(), setup_.simulated || !blocking,
                                               setup_, attempt_, planned.id, handle()));
    monitor(tasks.back());
  }
  alive_ += tasks.size();
  unstarted_tasks_ = tasks.size();
  finished_.clear();
  setup_.watch->go_back(restored_); // the tasks of the attempt before are gone
  control_.result.report.pauses = {};
  const caf::actor to_disk = uploader();
  std::vector<caf::actor> readers = spawn_readers(ready);
  for (std::size_t i = 0; i < tasks.size(); ++i)
    send(tasks[i], messages::start{attempt_, tasks, to_disk, readers[i],
                                   std::move(ready.starts[i]), ready.keyed_restored[i]});
  std::erase(readers, nullptr);
  control_.members = std::move(tasks);
  std::ranges::move(readers, std::back_inserter(control_.members));
  control_.members.push_back(to_disk);
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
    send(control_.members[planned.id.value], messages::go{attempt_});
  if (setup_.config.checkpoint_interval)
    delayed_send(this, *setup_.config.checkpoint_interval, messages::tick{attempt_});
}

void coordinator_actor::trigger() {
  const checkpoint_id id = next_checkpoint_;
  ++next_checkpoint_.value;
  triggered_ = clock().now();
  triggered_at_ms_ = utc_milliseconds();
  ledger_.begin(id);
  for (const auto& planned : setup_.plan.tasks)
    if (planned.is_source() || planned.is_head())
      inject(planned.id, id);
  for (const task_id task : finished_)
    if (!setup_.plan.task(task).is_source())
      inject(task, id);
}

void coordinator_actor::inject(task_id task, checkpoint_id id) {
  send(control_.members[task.value], messages::inject{attempt_, id});
}

void coordinator_actor::acknowledged(messages::acknowledge& ack) {
  if (ledger_.acknowledge(ack.id, std::move(*ack.handle)) !=
      checkpoint_ledger::verdict::complete)
    return;
  checkpoint_metadata metadata;
  metadata.id = ack.id;
  metadata.job_id = setup_.job_id;
  metadata.job_name = setup_.job_name;
  metadata.weir_version = WEIR_VERSION;
  metadata.state_backend = to_string(setup_.backend.kind);
  metadata.triggered_at_ms = triggered_at_ms_;
  metadata.completed_at_ms = utc_milliseconds();
  metadata.operators =
      assemble_operators(setup_.graph, setup_.plan, ledger_.take_handles());
  committing_ = std::make_shared<const checkpoint_metadata>(std::move(metadata));
  send(uploader(), messages::commit{attempt_, committing_});
}

void coordinator_actor::committed(checkpoint_id id) {
  WEIR_CHECK(committing_ && committing_->id == id);
  completed_checkpoint completed{id, setup_.directory->checkpoint_path(id),
                                 clock().now() - triggered_, bytes_of(*committing_)};
  committing_.reset();
  setup_.observer.completed(completed);
  control_.result.report.checkpoints.push_back(std::move(completed));
  if (admission_.settled())
    trigger();
}

void coordinator_actor::task_finished(const messages::finished& task) {
  if (task.pauses) {
    auto& pauses = control_.result.report.pauses;
    pauses.barriers.merge(task.pauses->barriers);
    pauses.slices.merge(task.pauses->slices);
    pauses.gaps.merge(task.pauses->gaps);
  }
  finished_.push_back(task.task);
  if (finished_.size() == setup_.plan.tasks.size())
    stop_members();
  else if (const auto pending = ledger_.pending())
    inject(task.task, *pending); // its barrier may have no channel left to come along
}

void coordinator_actor::attempt_failed(const error& cause) {
  // A checkpoint or an option that does not fit will not fit the next time either.
  if (cause.kind() == failure::job_failed)
    restart_after_ = restarts_.failed();
  if (restart_after_)
    setup_.observer.restarting(cause.what(), {attempt_.value + 1}, *restart_after_);
  else
    control_.result.failed = cause;
  stop_members();
}

void coordinator_actor::cancel() {
  const bool ending = phase_ == phase::stopping && !restart_after_ && alive_ > 0;
  if (ending) // it has finished or failed, and that is what it will say
    return;
  control_.result.report.cancelled = true;
  restart_after_.reset();
  if (phase_ != phase::stopping)
    stop_members();
  else if (alive_ == 0)
    attempt_over(); // it was waiting to be restarted
}

void coordinator_actor::member_down(const caf::down_msg& down) {
  --alive_;
  if (phase_ != phase::stopping)
    attempt_failed(error(failure::job_failed, fmt::format("an actor of the job died: {}",
                                                          caf::to_string(down.reason))));
  else if (alive_ == 0)
    attempt_over();
}

void coordinator_actor::stop_members() {
  phase_ = phase::stopping;
  if (const auto pending = ledger_.pending())
    ledger_.abort(*pending); // the uploader removes what is unfinished when it exits
  admission_.reset();
  committing_.reset();
  for (const auto& member : control_.members)
    send_exit(member, caf::exit_reason::user_shutdown);
  if (alive_ == 0)
    attempt_over();
}

void coordinator_actor::attempt_over() {
  control_.members.clear();
  if (restart_after_) {
    delayed_send(this, *restart_after_, messages::begin_attempt{});
    restart_after_.reset();
    return;
  }
  control_.result.report.duration = clock().now() - job_began_;
  control_.result.report.figures = setup_.watch->figures(clock().now());
  control_.result.done = true;
  quit();
}

} // namespace weir
