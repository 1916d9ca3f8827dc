// When a task's channels are aligned: pure, one instance per task. A channel that
// delivered its barrier is held until every other one has delivered it too or has ended;
// or none is held, and the barriers of each checkpoint are only counted.
//
// A checkpoint at one task: 1. unseen  2. pending (some channel delivered its barrier)
// 3. done: aligned, overtaken (taken before it was aligned), abandoned, or older than one
// that is done. It never comes back.
#pragma once

#include "serialization/strong_id.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <vector>

namespace weir {

/// Whether what comes behind a barrier waits for the barriers of the other channels:
/// without it a record may be in the state of a checkpoint and come again.
enum class alignment { holding, counting };

class barrier_aligner {
public:
  enum class verdict {
    pass,    // nothing changes
    hold,    // hold this channel, the others are late
    aligned, // the checkpoint `aligned()` is aligned; no channel is held any more
    stale,   // the barrier belongs to a checkpoint that is done here
  };

  explicit barrier_aligner(std::size_t channels, alignment how = alignment::holding)
      : how_(how), ended_(channels, false) {}

  verdict barrier(std::size_t channel, checkpoint_id id);
  verdict end(std::size_t channel);
  /// The coordinator gave the checkpoint up, perhaps before its barrier came.
  void abandon(checkpoint_id id);
  /// The checkpoint is taken here although channels are late; none is held any more.
  void overtake(checkpoint_id id) { finish(id); }

  bool held(std::size_t channel) const;
  bool delivered(std::size_t channel, checkpoint_id id) const;
  bool ended(std::size_t channel) const { return ended_[channel]; }
  bool all_ended() const;
  bool done(checkpoint_id id) const { return id <= done_ || abandoned_.contains(id); }
  /// The checkpoint that was aligned last.
  checkpoint_id aligned() const noexcept { return aligned_; }

private:
  verdict settle_if_aligned(verdict otherwise);
  bool complete(const std::vector<bool>& delivered) const;
  void finish(checkpoint_id id);

  alignment how_;
  std::vector<bool> ended_;
  /// Which channels delivered the barrier; if they are held, of one checkpoint at most.
  std::map<checkpoint_id, std::vector<bool>> pending_;
  checkpoint_id aligned_{};
  checkpoint_id done_{};              // every id up to here is done
  std::set<checkpoint_id> abandoned_; // later than done_
};

} // namespace weir
