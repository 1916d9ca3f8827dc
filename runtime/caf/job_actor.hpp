// The base of a job's actors. It orders, for ThreadSanitizer, what CAF orders by means
// that it cannot see: whoever hands a message over comes before whoever handles one, and
// the turns of an actor come one after the other.
#pragma once

#include "runtime/caf/tsan_edges.hpp"

#include <caf/all.hpp>

namespace weir {

class job_actor : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  void launch(caf::execution_unit* unit, bool lazy, bool hide) override {
    tsan_release(this);
    caf::event_based_actor::launch(unit, lazy, hide);
  }
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* unit) override {
    tsan_release(this);
    caf::event_based_actor::enqueue(std::move(message), unit);
  }
};

/// Lives for as long as an actor handles one message.
class actor_turn {
public:
  explicit actor_turn(const job_actor& actor) : actor_(actor) { tsan_acquire(&actor_); }
  ~actor_turn() { tsan_release(&actor_); }
  actor_turn(const actor_turn&) = delete;
  actor_turn& operator=(const actor_turn&) = delete;

private:
  const job_actor& actor_;
};

} // namespace weir
