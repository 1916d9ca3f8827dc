// What somebody asks of a running job: a checkpoint, now, and not when one is due.
#pragma once

#include "runtime/savepoint_order.hpp"

#include <cstdint>
#include <functional>

namespace weir {

enum class checkpoint_form : std::uint8_t {
  as_configured,
  full,        // all rows in files of its own, whatever the backend
  incremental, // no more than what is new, which not every backend can
};

struct checkpoint_order {
  checkpoint_form form = checkpoint_form::as_configured;
  /// Called once, on a thread of the job; must not block.
  std::function<void(const savepoint_result&)> answer;
};

} // namespace weir
