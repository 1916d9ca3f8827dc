#include "runtime/input_gate.hpp"

namespace weir {

input_gate::turn input_gate::next() {
  using verdict = barrier_aligner::verdict;
  // A full round without progress means that every channel is empty, held or ended.
  for (std::size_t passed = 0; passed < queues_.size();) {
    const std::size_t channel = turn_;
    auto& queue = queues_[channel];
    if (queue.empty() || aligner_.held(channel)) {
      turn_ = (turn_ + 1) % queues_.size();
      ++passed;
      continue;
    }
    item head = std::move(queue.front());
    queue.pop_front();
    if (head.data) {
      --queued_batches_;
      turn_ = (turn_ + 1) % queues_.size();
      return {
          turn::kind::batch, static_cast<in_channel>(channel), std::move(head.data), {}};
    }
    passed = 0;
    const verdict told =
        head.barrier ? aligner_.barrier(channel, *head.barrier) : aligner_.end(channel);
    if (told == verdict::aligned)
      return {
          turn::kind::aligned, static_cast<in_channel>(channel), {}, aligner_.aligned()};
  }
  if (aligner_.all_ended() && !end_told_) {
    end_told_ = true;
    return {turn::kind::ended, 0, {}, {}};
  }
  return {};
}

} // namespace weir
