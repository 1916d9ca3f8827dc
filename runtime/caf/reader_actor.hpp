// Whoever finds the rows of one task by key, as an actor on a thread of its own: a task
// that waits for a row must not wait for the uploader, which may be writing millions.
#pragma once

#include "runtime/caf/job_actor.hpp"
#include "runtime/caf/messages.hpp"
#include "state/backend.hpp"

namespace weir {

class reader_actor final : public job_actor {
public:
  reader_actor(caf::actor_config& config, attempt_id attempt,
               std::shared_ptr<row_reader> rows, caf::actor coordinator);

  ~reader_actor() override { tsan_acquire(static_cast<job_actor*>(this)); }

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void look_up(messages::look_up& wanted);

  attempt_id attempt_;
  std::shared_ptr<row_reader> rows_;
  caf::actor coordinator_;
};

} // namespace weir
