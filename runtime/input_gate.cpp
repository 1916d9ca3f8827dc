#include "runtime/input_gate.hpp"

namespace weir {

input_gate::input_gate(const std::vector<bool>& timed, loop_place loop)
    : aligner_(timed.size()), times_(timed), queues_(timed.size()),
      first_feedback_(timed.size() - loop.feedback_channels) {
  if (loop.inside)
    probes_.emplace(timed.size(), loop.feedback_channels);
  // Neither barriers nor watermarks nor ends go back: nobody waits for one.
  for (std::size_t channel = first_feedback_; channel < timed.size(); ++channel) {
    aligner_.end(channel);
    times_.end(channel);
  }
}

input_gate::turn input_gate::next() {
  // A full round without progress means that every channel is empty, held or ended.
  for (std::size_t passed = 0; passed < queues_.size();) {
    if (times_.merged() != told_) {
      told_ = times_.merged();
      return {.what = turn::kind::time, .reached = told_};
    }
    const std::size_t channel = turn_;
    auto& queue = queues_[channel];
    if (queue.empty() || !may_pass(channel)) {
      turn_ = (turn_ + 1) % queues_.size();
      ++passed;
      continue;
    }
    channel_item head = std::move(queue.front());
    queue.pop_front();
    if (is_batch(head))
      return give_out(channel, std::move(std::get<batch_ref>(head)));
    passed = 0;
    if (aligns(channel, head))
      return {.what = turn::kind::aligned, .id = aligner_.aligned()};
  }
  return when_all_wait();
}

void input_gate::fed_back(const batch_base& data) noexcept {
  ++feedback_batches_;
  feedback_bytes_ += data.bytes();
}

/// Requires: something stands in the channel's queue.
bool input_gate::may_pass(std::size_t channel) const {
  const bool new_input = feedback_batches_ > 0 && channel < first_feedback_ &&
                         is_batch(queues_[channel].front());
  return !aligner_.held(channel) && !new_input;
}

input_gate::turn input_gate::give_out(std::size_t channel, batch_ref data) {
  --queued_batches_;
  turn_ = (turn_ + 1) % queues_.size();
  if (channel >= first_feedback_) {
    --feedback_batches_;
    feedback_bytes_ -= data->bytes();
    probes_->came_back();
  }
  return {.what = turn::kind::batch,
          .from = static_cast<in_channel>(channel),
          .data = std::move(data)};
}

input_gate::turn input_gate::when_all_wait() {
  if (probes_)
    if (const auto probe = probes_->next())
      return {.what = turn::kind::probe, .probe = *probe};
  const bool head = first_feedback_ < queues_.size();
  if (!aligner_.all_ended() || (head && !probes_->empty()) || end_told_)
    return {};
  end_told_ = true;
  return {.what = turn::kind::ended};
}

bool input_gate::aligns(std::size_t channel, const channel_item& item) {
  using verdict = barrier_aligner::verdict;
  if (const auto* reached = std::get_if<watermark>(&item)) {
    times_.advance(channel, *reached);
    return false;
  }
  if (const auto* probe = std::get_if<loop_probe>(&item)) {
    probes_->arrived(channel, *probe);
    return false;
  }
  if (const auto* id = std::get_if<checkpoint_id>(&item))
    return aligner_.barrier(channel, *id) == verdict::aligned;
  times_.end(channel);
  if (probes_)
    probes_->ended(channel);
  return aligner_.end(channel) == verdict::aligned;
}

} // namespace weir
