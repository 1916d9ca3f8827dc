#include "runtime/caf/uploader_actor.hpp"

#include "serialization/crash_point.hpp"
#include "serialization/deliberate_fault.hpp"

#include <fmt/format.h>

namespace weir {

uploader_actor::uploader_actor(caf::actor_config& config, const job_setup& setup,
                               attempt_id attempt, caf::actor coordinator)
    : job_actor(config), setup_(setup), attempt_(attempt),
      coordinator_(std::move(coordinator)),
      uploader_(std::make_unique<snapshot_uploader>(
          setup.graph, setup.plan, setup.backend, attempt, setup.directory)) {}

caf::behavior uploader_actor::make_behavior() {
  const actor_turn turn(*this);
  return {
      [this](messages::prepare& m) { on(m, [&] { send(coordinator_, prepare()); }); },
      [this](messages::upload& m) { on(m, [&] { upload(std::move(*m.request)); }); },
      [this](messages::upload_in_flight& m) {
        on(m, [&] {
          const checkpoint_id id = m.overtaken->checkpoint;
          for_checkpoint(id, m.overtaken->task,
                         [&] { acknowledge(id, uploader_->upload(*m.overtaken)); });
        });
      },
      [this](messages::want_rows& m) {
        on(m, [&] {
          if (!m.empty)
            return uploader_->stop_reading(m.task);
          uploader_->read_rows(m.task, *m.empty);
          send(caf::actor_cast<caf::actor>(current_sender()),
               messages::rows{attempt_, std::move(m.empty)});
        });
      },
      [this](messages::commit& m) {
        on(m, [&] {
          const checkpoint_id id = m.metadata->id;
          if (!for_checkpoint(id, std::nullopt, [&] { uploader_->commit(*m.metadata); }))
            return;
          // What fails now fails the attempt: the next one has to do it again.
          if (m.settles)
            settle(*m.metadata);
          send(coordinator_,
               messages::committed{attempt_, id, uploader_->directory_of(id)});
        });
      },
      [this](messages::make_full& m) { on(m, [&] { uploader_->make_full(m.id); }); },
      [this](messages::place_savepoint& m) {
        on(m, [&] { send(coordinator_, place_savepoint(m)); });
      },
      [this](messages::abandon& m) {
        on(m, [&] {
          uploader_->abandon(m.id);
          send(coordinator_, messages::abandoned{attempt_, m.id});
        });
      },
  };
}

void uploader_actor::on_exit() {
  const actor_turn turn(*this);
  uploader_.reset();
  coordinator_ = nullptr;
}

void uploader_actor::upload(upload_request request) {
  const auto task = caf::actor_cast<caf::actor>(current_sender());
  const messages::ingested ingested{attempt_, request.sealed};
  const bool has_run = request.run != nullptr;
  uploader_->take_in(request);
  if (const auto id = request.checkpoint)
    for_checkpoint(*id, request.task,
                   [&] { acknowledge(*id, uploader_->upload(std::move(request))); });
  if (has_run)
    send(task, ingested);
}

/// A savepoint that the job does not end with after all, nobody hears of.
void uploader_actor::settle(const checkpoint_metadata& metadata) {
  try {
    uploader_->settle(metadata, setup_.config.checkpoints_retained);
  } catch (...) {
    uploader_->take_back_savepoint(metadata.id);
    throw;
  }
}

void uploader_actor::acknowledge(checkpoint_id id, std::optional<task_handle> handle) {
  if (handle)
    send(coordinator_,
         messages::acknowledge{attempt_, id,
                               std::make_shared<task_handle>(std::move(*handle))});
}

/// Where that cannot be, the job goes on without it.
messages::savepoint_placed
uploader_actor::place_savepoint(const messages::place_savepoint& of) {
  messages::savepoint_placed answer{attempt_, of.id, {}};
  try {
    if (!uploader_->has_directory())
      uploader_->use(setup_.open_directory());
    uploader_->begin_savepoint(of.id, of.root);
  } catch (...) {
    answer.problem = caught_error();
  }
  return answer;
}

messages::prepared uploader_actor::prepare() {
  messages::prepared answer{attempt_, {}, {}, {}, {}, {}, {}};
  const std::size_t tasks = setup_.plan.tasks.size();
  answer.starts.resize(tasks);
  answer.keyed_restored.resize(tasks);
  answer.in_flight.resize(tasks);
  if (const auto checkpoint = checkpoint_to_restore(answer.warnings))
    restore(*checkpoint, answer);
  for (const planned_task& planned : setup_.plan.tasks)
    answer.readers.push_back(uploader_->reader(planned.id));
  for (auto& start : answer.starts)
    start.rerun = attempt_.value > 1;
  return answer;
}

/// What is wrong with a checkpoint is known since the first attempt, or since it was
/// verified: what fails after that may pass.
void uploader_actor::restore(const located_checkpoint& checkpoint,
                             messages::prepared& answer) {
  try {
    crash_point("restore.begun");
    answer.starts = uploader_->restore(checkpoint);
    for (std::size_t i = 0; i < answer.starts.size(); ++i)
      answer.keyed_restored[i] = uploader_->has_rows(setup_.plan.tasks[i].id);
    answer.in_flight = uploader_->restore_in_flight(checkpoint);
    if (!fault("commit.not-repeated"))
      uploader_->commit_outputs(checkpoint.data, checkpoint.metadata);
    crash_point("restore.outputs-committed");
    answer.from = checkpoint.metadata.id;
  } catch (...) {
    if (attempt_.value == 1)
      throw;
    throw error(failure::job_failed, caught_error().what());
  }
}

/// The newest one that is intact; of the others there is a warning.
std::optional<located_checkpoint>
uploader_actor::checkpoint_to_restore(std::vector<std::string>& warnings) const {
  if (attempt_.value == 1 || !setup_.directory)
    return setup_.initial;
  auto complete = setup_.directory->list();
  std::optional<error> damage;
  for (; !complete.empty(); complete.pop_back()) {
    const auto path = setup_.directory->checkpoint_path(complete.back());
    if (setup_.initial && setup_.initial->directory == path)
      return setup_.initial; // without the operators that are left behind
    std::optional<located_checkpoint> intact;
    damage = damage_of(path, intact);
    if (!damage)
      return intact;
    warnings.push_back(fmt::format(
        "chk-{} is damaged, so the job goes back to {}: {}", complete.back().value,
        complete.size() > 1
            ? fmt::format("chk-{}", complete[complete.size() - 2].value)
            : (setup_.initial ? setup_.initial->directory.string() : "none"),
        damage->what()));
  }
  if (damage && !setup_.initial)
    throw *damage; // from the beginning it would undo what others have seen
  return setup_.initial;
}

/// None if it is intact. A disk that fails once is no damage: what does not look right is
/// looked at once more.
std::optional<error>
uploader_actor::damage_of(const std::filesystem::path& checkpoint,
                          std::optional<located_checkpoint>& intact) const {
  auto damage = damage_now(checkpoint, intact);
  if (damage)
    damage = damage_now(checkpoint, intact);
  return damage;
}

std::optional<error>
uploader_actor::damage_now(const std::filesystem::path& checkpoint,
                           std::optional<located_checkpoint>& intact) const {
  try {
    intact = locate_checkpoint(checkpoint, setup_.directory->data_root());
    verify_checkpoint(*intact);
    return std::nullopt;
  } catch (const error& damage) { // a lack of memory is none
    return damage;
  }
}

/// What fails here is the failure of a checkpoint, and the attempt goes on; false then.
template <class Action>
bool uploader_actor::for_checkpoint(checkpoint_id id, std::optional<task_id> task,
                                    Action action) {
  std::optional<error> cause;
  try {
    if (setup_.spoil_upload)
      setup_.spoil_upload();
    action();
  } catch (...) {
    cause = caught_error();
  }
  if (!cause)
    return true;
  uploader_->abandon(id);
  send(coordinator_, messages::decline{attempt_, id, task, *cause});
  return false;
}

template <class Message, class Action>
void uploader_actor::on(Message& message, Action action) {
  const actor_turn turn(*this);
  if (message.attempt != attempt_)
    return;
  try {
    action();
  } catch (...) {
    send(coordinator_, messages::failed{attempt_, caught_error()});
    quit(caf::exit_reason::unhandled_exception);
  }
}

} // namespace weir
