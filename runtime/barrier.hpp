// A barrier as it travels along the channels: everything before it belongs to the
// checkpoint, everything behind it does not.
#pragma once

#include "operators/task.hpp"
#include "serialization/strong_id.hpp"

namespace weir {

struct barrier {
  checkpoint_id id;
  /// From then on it waits behind no batch: it overtakes them, and the checkpoint takes
  /// them in. Counted from the trigger, so that one clock runs for the whole job.
  steady_time overtakes_at = steady_time::max();
  /// Nothing is processed behind it, unless its checkpoint is given up.
  bool stops = false;

  bool may_overtake() const noexcept { return overtakes_at != steady_time::max(); }

  friend bool operator==(const barrier&, const barrier&) = default;
};

} // namespace weir
