#include "runtime/input_gate.hpp"

namespace weir {

input_gate::turn input_gate::next() {
  // A full round without progress means that every channel is empty, held or ended.
  for (std::size_t passed = 0; passed < queues_.size();) {
    if (times_.merged() != told_) {
      told_ = times_.merged();
      return {.what = turn::kind::time, .reached = told_};
    }
    const std::size_t channel = turn_;
    auto& queue = queues_[channel];
    if (queue.empty() || aligner_.held(channel)) {
      turn_ = (turn_ + 1) % queues_.size();
      ++passed;
      continue;
    }
    channel_item head = std::move(queue.front());
    queue.pop_front();
    if (is_batch(head)) {
      --queued_batches_;
      turn_ = (turn_ + 1) % queues_.size();
      return {.what = turn::kind::batch,
              .from = static_cast<in_channel>(channel),
              .data = std::move(std::get<batch_ref>(head))};
    }
    passed = 0;
    if (aligns(channel, head))
      return {.what = turn::kind::aligned, .id = aligner_.aligned()};
  }
  if (aligner_.all_ended() && !end_told_) {
    end_told_ = true;
    return {.what = turn::kind::ended};
  }
  return {};
}

bool input_gate::aligns(std::size_t channel, const channel_item& item) {
  using verdict = barrier_aligner::verdict;
  if (const auto* reached = std::get_if<watermark>(&item)) {
    times_.advance(channel, *reached);
    return false;
  }
  if (const auto* id = std::get_if<checkpoint_id>(&item))
    return aligner_.barrier(channel, *id) == verdict::aligned;
  times_.end(channel);
  return aligner_.end(channel) == verdict::aligned;
}

} // namespace weir
