// What travels along a channel, in order.
#pragma once

#include "operators/batch.hpp"
#include "runtime/barrier.hpp"
#include "runtime/loop_probes.hpp"

#include <variant>

namespace weir {

struct end_of_channel {};

using channel_item =
    std::variant<batch_ref, barrier, watermark, loop_probe, end_of_channel>;

inline bool is_batch(const channel_item& item) noexcept {
  return std::holds_alternative<batch_ref>(item);
}

/// Whether it is the barrier of checkpoint `id`.
inline bool is_barrier_of(const channel_item& item, checkpoint_id id) noexcept {
  const auto* of = std::get_if<barrier>(&item);
  return of != nullptr && of->id == id;
}

} // namespace weir
