#include "runtime/caf/uploader_actor.hpp"

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
      [this](messages::upload& m) {
        on(m, [&] {
          const auto id = m.request->checkpoint;
          const bool has_run = m.request->run != nullptr;
          const epoch sealed = m.request->sealed;
          if (auto handle = uploader_->upload(std::move(*m.request)))
            send(coordinator_,
                 messages::acknowledge{
                     attempt_, *id, std::make_shared<task_handle>(std::move(*handle))});
          if (has_run)
            send(caf::actor_cast<caf::actor>(current_sender()),
                 messages::ingested{attempt_, sealed});
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
          uploader_->commit(*m.metadata, setup_.config.checkpoints_retained);
          send(coordinator_, messages::committed{attempt_, m.metadata->id});
        });
      },
      [this](messages::abandon& m) { on(m, [&] { uploader_->abandon(m.id); }); },
  };
}

void uploader_actor::on_exit() {
  const actor_turn turn(*this);
  uploader_.reset();
  coordinator_ = nullptr;
}

messages::prepared uploader_actor::prepare() {
  messages::prepared answer{attempt_, {}, {}, {}, {}};
  const std::size_t tasks = setup_.plan.tasks.size();
  answer.starts.resize(tasks);
  answer.keyed_restored.resize(tasks);
  if (const auto checkpoint = checkpoint_to_restore()) {
    answer.starts = uploader_->restore(*checkpoint);
    for (std::size_t i = 0; i < tasks; ++i)
      answer.keyed_restored[i] = uploader_->has_rows(setup_.plan.tasks[i].id);
    answer.from = checkpoint->metadata.id;
  }
  for (const planned_task& planned : setup_.plan.tasks)
    answer.readers.push_back(uploader_->reader(planned.id));
  for (auto& start : answer.starts)
    start.rerun = attempt_.value > 1;
  return answer;
}

std::optional<located_checkpoint> uploader_actor::checkpoint_to_restore() const {
  if (attempt_.value == 1 || !setup_.directory)
    return setup_.initial;
  const auto complete = setup_.directory->list();
  if (complete.empty())
    return setup_.initial;
  auto newest = locate_checkpoint(setup_.directory->checkpoint_path(complete.back()));
  verify_checkpoint(newest);
  return newest;
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
