#include "runtime/caf/actor_runtime.hpp"

#include "runtime/caf/coordinator_actor.hpp"

#include <algorithm>
#include <thread>

namespace weir {

namespace {

/// Messages an actor handles before its thread turns to the next actor. CAF's default is
/// unlimited, and then two actors that send work to themselves starve a third for ever.
constexpr std::size_t messages_per_turn = 2;

} // namespace

job_result run_actors(const job_setup& setup, const std::stop_token& cancel) {
  caf::actor_system_config config;
  config.set("scheduler.max-threads",
             std::size_t{std::max(2u, std::thread::hardware_concurrency())});
  config.set("scheduler.max-throughput", messages_per_turn);
  job_control control;
  {
    caf::actor_system system{config};
    caf::scoped_actor self{system};
    const caf::actor coordinator = system.spawn<coordinator_actor>(setup, control);
    const std::stop_callback on_cancel(
        cancel, [&coordinator] { caf::anon_send(coordinator, messages::cancel{}); });
    self->wait_for(coordinator);
    tsan_acquire(&control);
  }
  return std::move(control.result);
}

} // namespace weir
