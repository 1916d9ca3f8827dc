// When a task's channels are aligned: pure, one instance per task. A channel that
// delivered its barrier is held until every other one has delivered it too or has ended.
//
// A checkpoint at one task: 1. unseen  2. pending (some channel delivered its barrier)
// 3. done: aligned, abandoned, or overtaken by a later one. It never comes back.
#pragma once

#include "serialization/strong_id.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace weir {

class barrier_aligner {
public:
  enum class verdict {
    pass,    // nothing changes
    hold,    // hold this channel, the others are late
    aligned, // the checkpoint `aligned()` is aligned; no channel is held any more
    stale,   // the barrier belongs to a checkpoint that is done here
  };

  explicit barrier_aligner(std::size_t channels)
      : delivered_(channels, false), ended_(channels, false) {}

  verdict barrier(std::size_t channel, checkpoint_id id);
  verdict end(std::size_t channel);
  /// The coordinator gave the checkpoint up, perhaps before its barrier came.
  void abandon(checkpoint_id id);

  bool held(std::size_t channel) const { return delivered_[channel]; }
  bool ended(std::size_t channel) const { return ended_[channel]; }
  bool all_ended() const;
  /// The checkpoint that was aligned last.
  checkpoint_id aligned() const noexcept { return aligned_; }

private:
  verdict settle_if_aligned(verdict otherwise);
  void finish(checkpoint_id id);

  std::vector<bool> delivered_; // of the pending checkpoint
  std::vector<bool> ended_;
  std::optional<checkpoint_id> pending_;
  checkpoint_id aligned_{};
  checkpoint_id done_{};              // every id up to here is done
  std::set<checkpoint_id> abandoned_; // later than done_
};

} // namespace weir
