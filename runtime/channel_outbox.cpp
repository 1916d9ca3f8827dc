#include "runtime/channel_outbox.hpp"

#include "serialization/crash_point.hpp"

#include <algorithm>

namespace weir {

channel_outbox::channel_outbox(std::size_t channels, task_counters& counters,
                               task_port& port, std::uint32_t credits)
    : counters_(counters), port_(port), channels_(channels, channel{credits, credits}) {}

void channel_outbox::lead_back(const std::vector<out_channel>& channels) {
  for (const out_channel back : channels)
    channels_.at(back).window = channels_.at(back).credits = feedback_credits;
}

void channel_outbox::ship(out_channel to, batch_ref full) {
  counters_.add(task_count::records_out, full->size());
  counters_.add(task_count::bytes_out, full->bytes());
  ++waiting_batches_;
  push(to, std::move(full));
}

batch_ref channel_outbox::recycled(out_channel from) {
  auto& empty = channels_[from].empty;
  if (empty.empty())
    return {};
  batch_ref batch = std::move(empty.back());
  empty.pop_back();
  return batch;
}

void channel_outbox::to_all(const channel_item& control) {
  for (out_channel to = 0; to < channels_.size(); ++to)
    if (channels_[to].window != feedback_credits)
      push(to, control);
}

void channel_outbox::to_some(const std::vector<out_channel>& channels,
                             const channel_item& control) {
  for (const out_channel to : channels)
    push(to, control);
}

void channel_outbox::forward(const barrier& next) {
  for (out_channel to = 0; to < channels_.size(); ++to) {
    channel& c = channels_[to];
    if (c.window == feedback_credits || c.ended)
      continue;
    const bool ends =
        !c.waiting.empty() && std::holds_alternative<end_of_channel>(c.waiting.back());
    c.waiting.insert(ends ? std::prev(c.waiting.end()) : c.waiting.end(), next);
    drain(to);
  }
  barrier_ = next;
  note_barrier();
}

void channel_outbox::overtake(std::vector<batch_on_leave>& overtaken) {
  WEIR_CHECK(barrier_);
  for (out_channel to = 0; to < channels_.size(); ++to) {
    channel& c = channels_[to];
    const auto at = std::ranges::find_if(c.waiting, [&](const channel_item& item) {
      return is_barrier_of(item, barrier_->id);
    });
    if (c.keeps_order || at == c.waiting.end())
      continue;
    for (auto before = c.waiting.begin(); before != at; ++before)
      if (const auto* data = std::get_if<batch_ref>(&*before))
        overtaken.push_back({to, *data});
    c.waiting.erase(at);
    port_.send_along(to, *barrier_);
    crash_point("barrier.overtook-output");
  }
  barrier_.reset();
}

/// Forgets the barrier once it has left, or waits only where it keeps its place.
void channel_outbox::note_barrier() {
  const bool waits = std::ranges::any_of(channels_, [&](const channel& c) {
    return !c.keeps_order &&
           std::ranges::any_of(c.waiting, [&](const channel_item& item) {
             return is_barrier_of(item, barrier_->id);
           });
  });
  if (!barrier_->may_overtake() || !waits)
    barrier_.reset();
}

void channel_outbox::credit(out_channel from, batch_ref emptied) {
  channel& home = channels_.at(from);
  WEIR_CHECK(home.credits < home.window);
  ++home.credits;
  if (emptied && emptied.unique() && home.empty.size() < channel_credits) {
    emptied->clear();
    home.empty.push_back(std::move(emptied));
  }
  drain(from);
}

bool channel_outbox::drained() const noexcept {
  return std::all_of(channels_.begin(), channels_.end(),
                     [](const channel& c) { return c.waiting.empty(); });
}

bool channel_outbox::all_credits_home() const noexcept {
  return std::all_of(channels_.begin(), channels_.end(),
                     [](const channel& c) { return c.credits == c.window; });
}

void channel_outbox::push(out_channel to, channel_item next) {
  channels_.at(to).waiting.push_back(std::move(next));
  drain(to);
}

void channel_outbox::drain(out_channel to) {
  channel& c = channels_[to];
  while (!c.waiting.empty() && (!is_batch(c.waiting.front()) || c.credits > 0)) {
    channel_item head = std::move(c.waiting.front());
    c.waiting.pop_front();
    if (is_batch(head)) {
      --c.credits;
      --waiting_batches_;
    }
    c.ended = std::holds_alternative<end_of_channel>(head);
    const bool awaited = barrier_ && is_barrier_of(head, barrier_->id);
    port_.send_along(to, std::move(head));
    if (awaited)
      note_barrier();
  }
}

} // namespace weir
