#include "runtime/barrier_aligner.hpp"

#include "serialization/check.hpp"

#include <algorithm>

namespace weir {

barrier_aligner::verdict barrier_aligner::barrier(std::size_t channel, checkpoint_id id) {
  WEIR_CHECK(!ended_[channel] && !delivered_[channel]);
  if (id <= done_ || abandoned_.contains(id) || (pending_ && id < *pending_))
    return verdict::stale;
  if (pending_ && id > *pending_)
    finish(*pending_); // a later barrier: the coordinator has given the older one up
  pending_ = id;
  delivered_[channel] = true;
  return settle_if_aligned(verdict::hold);
}

barrier_aligner::verdict barrier_aligner::end(std::size_t channel) {
  WEIR_CHECK(!ended_[channel] && !delivered_[channel]);
  ended_[channel] = true;
  return settle_if_aligned(verdict::pass);
}

void barrier_aligner::abandon(checkpoint_id id) {
  if (id <= done_)
    return;
  if (pending_ == id)
    finish(id);
  else
    abandoned_.insert(id);
}

bool barrier_aligner::all_ended() const {
  return std::find(ended_.begin(), ended_.end(), false) == ended_.end();
}

barrier_aligner::verdict barrier_aligner::settle_if_aligned(verdict otherwise) {
  if (!pending_)
    return otherwise;
  for (std::size_t channel = 0; channel < delivered_.size(); ++channel)
    if (!delivered_[channel] && !ended_[channel])
      return otherwise;
  aligned_ = *pending_;
  finish(*pending_);
  return verdict::aligned;
}

void barrier_aligner::finish(checkpoint_id id) {
  std::fill(delivered_.begin(), delivered_.end(), false);
  pending_.reset();
  done_ = id;
  abandoned_.erase(abandoned_.begin(), abandoned_.upper_bound(id));
}

} // namespace weir
