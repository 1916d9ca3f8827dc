// What a checkpoint takes in of a task's input: the batches that its barrier overtook,
// and those that come before the barrier of a channel that is still late. Pure; one
// checkpoint at a time.
//
// A log: 1. closed  2. open (barriers are awaited)  3. complete (taken, or dropped
// because the checkpoint was given up) -> closed.
#pragma once

#include "runtime/channel_item.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace weir {

using in_channel = std::uint32_t;

/// Records [first, size) of a batch that was on its way to an input of the task's chain.
struct batch_in_flight {
  std::uint32_t input = 0;
  batch_ref records = {};
  std::size_t first = 0;
};

class in_flight_log {
public:
  explicit in_flight_log(std::size_t channels) : awaited_(channels, false) {}

  /// `taken`: what the task has taken out of its gate and not processed.
  void open(checkpoint_id id, std::vector<batch_in_flight> taken);
  void add(batch_in_flight late) { batches_.push_back(std::move(late)); }

  // Requires: it is open.
  void await(in_channel from);
  bool awaits(in_channel from) const { return awaited_[from]; }
  void delivered(in_channel from);

  /// The checkpoint was given up, or a later one has come.
  void drop();
  std::optional<checkpoint_id> of() const noexcept { return of_; }
  bool complete() const noexcept { return of_ && awaited_count_ == 0; }
  /// Requires: it is complete. Closes it.
  std::vector<batch_in_flight> take();

private:
  std::optional<checkpoint_id> of_;
  std::vector<bool> awaited_;
  std::size_t awaited_count_ = 0;
  std::vector<batch_in_flight> batches_;
};

} // namespace weir
