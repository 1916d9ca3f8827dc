#include "runtime/caf/reader_actor.hpp"

namespace weir {

reader_actor::reader_actor(caf::actor_config& config, attempt_id attempt,
                           std::shared_ptr<row_reader> rows, caf::actor coordinator)
    : job_actor(config), attempt_(attempt), rows_(std::move(rows)),
      coordinator_(std::move(coordinator)) {}

caf::behavior reader_actor::make_behavior() {
  const actor_turn turn(*this);
  return {[this](messages::look_up& m) {
    const actor_turn now(*this);
    if (m.attempt == attempt_)
      look_up(m);
  }};
}

void reader_actor::on_exit() {
  const actor_turn turn(*this);
  rows_.reset();
  coordinator_ = nullptr;
}

void reader_actor::look_up(messages::look_up& wanted) {
  try {
    // Else the backend is gone, and the attempt is over.
    if (rows_->read(*wanted.missing, *wanted.found))
      send(caf::actor_cast<caf::actor>(current_sender()),
           messages::found{attempt_, std::move(wanted.found)});
  } catch (...) {
    send(coordinator_, messages::failed{attempt_, caught_error()});
    quit(caf::exit_reason::unhandled_exception);
  }
}

} // namespace weir
