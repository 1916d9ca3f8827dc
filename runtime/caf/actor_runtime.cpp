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

job_result run_actors(const job_setup& setup, const std::stop_token& cancel,
                      controlled_run& control) {
  caf::actor_system_config config;
  config.set("scheduler.max-threads",
             std::size_t{std::max(2u, std::thread::hardware_concurrency())});
  config.set("scheduler.max-throughput", messages_per_turn);
  running_job running;
  {
    caf::actor_system system{config};
    caf::scoped_actor self{system};
    // On a thread of its own, or tasks that hang would keep it from noticing.
    const caf::actor coordinator =
        system.spawn<coordinator_actor, caf::detached>(setup, running);
    const std::stop_callback on_cancel(
        cancel, [&coordinator] { caf::anon_send(coordinator, messages::cancel{}); });
    control.receive({
        [&coordinator](std::shared_ptr<const savepoint_order> order) {
          caf::anon_send(coordinator, messages::order_savepoint{std::move(order)});
        },
        [&coordinator](std::shared_ptr<const checkpoint_order> order) {
          caf::anon_send(coordinator, messages::order_checkpoint{std::move(order)});
        },
        [&coordinator] { caf::anon_send(coordinator, messages::cancel{}); },
    });
    self->wait_for(coordinator);
    control.end_receiving();
    tsan_acquire(&running);
  }
  return std::move(running.result);
}

} // namespace weir
