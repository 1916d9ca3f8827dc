#include "runtime/barrier_aligner.hpp"

#include "serialization/check.hpp"
#include "serialization/deliberate_fault.hpp"

#include <algorithm>

namespace weir {

barrier_aligner::verdict barrier_aligner::barrier(std::size_t channel, checkpoint_id id) {
  WEIR_CHECK(!ended_[channel] && !held(channel));
  const bool holding = how_ == alignment::holding;
  if (fault("barrier.stale-accepted") && done(id) && !pending_.empty())
    id = pending_.begin()->first;
  if (done(id) || (holding && !pending_.empty() && id < pending_.begin()->first))
    return verdict::stale;
  if (holding && !pending_.empty() && id > pending_.begin()->first)
    finish(pending_.begin()->first); // a later one: the coordinator has given it up
  auto& delivered = pending_.try_emplace(id, ended_.size(), false).first->second;
  WEIR_CHECK(!delivered[channel]);
  delivered[channel] = true;
  return settle_if_aligned(holding ? verdict::hold : verdict::pass);
}

barrier_aligner::verdict barrier_aligner::end(std::size_t channel) {
  WEIR_CHECK(!ended_[channel] && !held(channel));
  ended_[channel] = true;
  return settle_if_aligned(verdict::pass);
}

void barrier_aligner::abandon(checkpoint_id id) {
  if (id <= done_)
    return;
  if (how_ == alignment::holding && pending_.contains(id))
    return finish(id);
  pending_.erase(id);
  abandoned_.insert(id);
}

bool barrier_aligner::held(std::size_t channel) const {
  return how_ == alignment::holding && !pending_.empty() &&
         pending_.begin()->second[channel];
}

bool barrier_aligner::delivered(std::size_t channel, checkpoint_id id) const {
  const auto found = pending_.find(id);
  return found != pending_.end() && found->second[channel];
}

bool barrier_aligner::all_ended() const {
  return std::find(ended_.begin(), ended_.end(), false) == ended_.end();
}

/// The end of a channel may align several at once that are only counted: the newest
/// stands for the older ones, whom the coordinator gives up when it completes.
barrier_aligner::verdict barrier_aligner::settle_if_aligned(verdict otherwise) {
  for (auto newest = pending_.rbegin(); newest != pending_.rend(); ++newest) {
    if (!complete(newest->second))
      continue;
    aligned_ = newest->first;
    finish(aligned_);
    return verdict::aligned;
  }
  return otherwise;
}

bool barrier_aligner::complete(const std::vector<bool>& delivered) const {
  for (std::size_t channel = fault("alignment.skipped") ? 1 : 0;
       channel < delivered.size(); ++channel)
    if (!delivered[channel] && !ended_[channel])
      return false;
  return true;
}

void barrier_aligner::finish(checkpoint_id id) {
  pending_.erase(pending_.begin(), pending_.upper_bound(id));
  done_ = std::max(done_, id);
  abandoned_.erase(abandoned_.begin(), abandoned_.upper_bound(done_));
}

} // namespace weir
