#include "runtime/input_gate.hpp"

#include "serialization/crash_point.hpp"

#include <algorithm>

namespace weir {

namespace {

std::vector<bool> timed_ones(const std::vector<gate_channel>& channels) {
  std::vector<bool> timed;
  for (const gate_channel& each : channels)
    timed.push_back(each.timed);
  return timed;
}

} // namespace

input_gate::input_gate(const std::vector<gate_channel>& channels, loop_place loop,
                       alignment how)
    : aligner_(channels.size(), how), times_(timed_ones(channels)), log_(channels.size()),
      first_feedback_(channels.size() - loop.feedback_channels) {
  for (const gate_channel& each : channels)
    channels_.push_back({each});
  if (loop.inside)
    probes_.emplace(channels.size(), loop.feedback_channels);
  // Neither barriers nor watermarks nor ends go back: nobody waits for one.
  for (std::size_t channel = first_feedback_; channel < channels.size(); ++channel) {
    aligner_.end(channel);
    times_.end(channel);
  }
}

void input_gate::restore(std::vector<batch_in_flight> in_flight) {
  queued_batches_ += in_flight.size();
  std::ranges::move(in_flight, std::back_inserter(restored_));
}

void input_gate::arrived(in_channel from, channel_item item) {
  if (const auto* data = std::get_if<batch_ref>(&item)) {
    ++queued_batches_;
    if (from >= first_feedback_) {
      ++feedback_batches_;
      feedback_bytes_ += (*data)->bytes();
    }
  }
  if (log_.of() && log_.awaits(from)) [[unlikely]] {
    if (is_barrier_of(item, *log_.of()))
      return log_.delivered(from); // the checkpoint has been taken: nobody waits for it
    note(from, item);
  }
  if (const auto* came = std::get_if<barrier>(&item); came && !aligner_.done(came->id)) {
    announced_.try_emplace(came->id, *came);
    crash_point("barrier.in");
  }
  channels_.at(from).queue.push_back(std::move(item));
}

/// What comes on a channel whose barrier the log awaits.
void input_gate::note(in_channel from, const channel_item& item) {
  if (const auto* data = std::get_if<batch_ref>(&item))
    log_.add({channels_[from].known.input, *data});
  else if (const auto* came = std::get_if<barrier>(&item); came && came->id > *log_.of())
    log_.drop(); // the coordinator has given this one up
  else if (std::holds_alternative<end_of_channel>(item))
    log_.delivered(from);
}

void input_gate::abandon(checkpoint_id id) {
  aligner_.abandon(id);
  announced_.erase(id);
  if (log_.of() == id)
    log_.drop();
}

input_gate::turn input_gate::next() {
  if (!restored_.empty()) [[unlikely]] {
    turn first{.what = turn::kind::batch, .data = std::move(restored_.front())};
    restored_.pop_front();
    --queued_batches_;
    return first;
  }
  // A full round without progress means that every channel is empty, held or ended.
  for (std::size_t passed = 0; passed < channels_.size();) {
    if (times_.merged() != told_) {
      told_ = times_.merged();
      return {.what = turn::kind::time, .reached = told_};
    }
    const std::size_t channel = turn_;
    auto& queue = channels_[channel].queue;
    if (queue.empty() || !may_pass(channel)) {
      turn_ = (turn_ + 1) % channels_.size();
      ++passed;
      continue;
    }
    channel_item head = std::move(queue.front());
    queue.pop_front();
    if (is_batch(head))
      return give_out(channel, std::move(std::get<batch_ref>(head)));
    passed = 0;
    if (aligns(channel, head))
      return aligned();
  }
  return when_all_wait();
}

/// Requires: something stands in the channel's queue.
bool input_gate::may_pass(std::size_t channel) const {
  const bool new_input = feedback_batches_ > 0 && channel < first_feedback_ &&
                         is_batch(channels_[channel].queue.front());
  return !aligner_.held(channel) && !new_input;
}

input_gate::turn input_gate::give_out(std::size_t channel, batch_ref data) {
  --queued_batches_;
  turn_ = (turn_ + 1) % channels_.size();
  if (channel >= first_feedback_) {
    --feedback_batches_;
    feedback_bytes_ -= data->bytes();
    probes_->came_back();
  }
  return {.what = turn::kind::batch,
          .from = static_cast<in_channel>(channel),
          .data = {channels_[channel].known.input, std::move(data)}};
}

input_gate::turn input_gate::when_all_wait() {
  if (probes_)
    if (const auto probe = probes_->next())
      return {.what = turn::kind::probe, .probe = *probe};
  const bool head = first_feedback_ < channels_.size();
  if (!aligner_.all_ended() || (head && !probes_->empty()) || end_told_)
    return {};
  end_told_ = true;
  return {.what = turn::kind::ended};
}

input_gate::turn input_gate::aligned() {
  const auto came = announced_.find(aligner_.aligned());
  turn complete{.what = turn::kind::aligned, .at = came->second};
  announced_.erase(announced_.begin(), std::next(came));
  return complete;
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
  if (const auto* of = std::get_if<barrier>(&item))
    return aligner_.barrier(channel, of->id) == verdict::aligned;
  times_.end(channel);
  if (probes_)
    probes_->ended(channel);
  return aligner_.end(channel) == verdict::aligned;
}

std::optional<barrier> input_gate::may_overtake() const {
  if (announced_.empty())
    return std::nullopt;
  const barrier& newest = announced_.rbegin()->second;
  if (!newest.may_overtake())
    return std::nullopt;
  for (std::size_t channel = 0; channel < channels_.size(); ++channel)
    if (channels_[channel].known.aligns && !aligner_.ended(channel) &&
        !aligner_.delivered(channel, newest.id))
      return std::nullopt;
  return newest;
}

void input_gate::overtake(const barrier& now, std::vector<batch_in_flight> taken) {
  log_.open(now.id, std::move(taken));
  for (const batch_in_flight& each : restored_)
    log_.add(each);
  for (in_channel channel = 0; channel < channels_.size(); ++channel)
    if (!aligner_.ended(channel) && !aligner_.delivered(channel, now.id))
      log_up_to_barrier(channel, now.id);
  aligner_.overtake(now.id);
  announced_.erase(announced_.begin(), announced_.upper_bound(now.id));
}

/// Its barrier leaves the queue; if it is not there yet, the log awaits it.
void input_gate::log_up_to_barrier(in_channel from, checkpoint_id id) {
  auto& queue = channels_[from].queue;
  for (auto item = queue.begin(); item != queue.end(); ++item) {
    if (const auto* data = std::get_if<batch_ref>(&*item))
      log_.add({channels_[from].known.input, *data});
    if (std::holds_alternative<end_of_channel>(*item))
      return;
    if (is_barrier_of(*item, id)) {
      queue.erase(item);
      return;
    }
  }
  log_.await(from);
}

} // namespace weir
