// When checkpoints begin and are given up in a simulated run, drawn from its seed.
#pragma once

#include "operators/random.hpp"
#include "runtime/config.hpp"

#include <limits>

namespace weir::testing {

/// Some runs give up checkpoints that would have completed. How many of them may
/// fail in a row matters only where not all of them do.
inline void draw_checkpoint_rules(random_stream& draw, run_config& config) {
  using std::chrono::milliseconds;
  config.checkpoints_concurrent = 1 + static_cast<std::uint32_t>(draw.below(3));
  if (config.checkpoints_concurrent == 1 && draw.below(2) == 0)
    config.checkpoint_min_pause = milliseconds(draw.below(6));
  const std::uint64_t hurry = draw.below(8);
  if (hurry == 0) {
    config.checkpoint_timeout = milliseconds(3 + draw.below(12));
    config.failed_checkpoints_tolerable = std::numeric_limits<std::uint32_t>::max();
  } else if (hurry == 1) {
    config.checkpoint_timeout = milliseconds(200 + draw.below(200));
    config.failed_checkpoints_tolerable = 1 + static_cast<std::uint32_t>(draw.below(3));
  }
}

} // namespace weir::testing
