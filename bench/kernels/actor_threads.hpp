// The scheduler every actor kernel runs on.
#pragma once

#include <caf/actor_system_config.hpp>

namespace weir::bench {

/// As many workers as asked for. An actor yields after a few messages: the default is no
/// limit, which lets two busy actors starve a third one.
class actor_threads : public caf::actor_system_config {
public:
  explicit actor_threads(std::size_t workers) {
    set("scheduler.max-threads", workers);
    set("scheduler.max-throughput", std::size_t{16});
  }
};

} // namespace weir::bench
