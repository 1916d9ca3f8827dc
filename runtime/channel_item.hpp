// What travels along a channel, in order.
#pragma once

#include "operators/batch.hpp"
#include "runtime/loop_probes.hpp"
#include "serialization/strong_id.hpp"

#include <variant>

namespace weir {

struct end_of_channel {};

using channel_item =
    std::variant<batch_ref, checkpoint_id, watermark, loop_probe, end_of_channel>;

inline bool is_batch(const channel_item& item) noexcept {
  return std::holds_alternative<batch_ref>(item);
}

} // namespace weir
