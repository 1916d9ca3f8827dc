// The outbox of a task: a window of credits per channel, and what waits for one. All that
// goes along a channel leaves in order, except that a barrier may overtake the batches
// that wait; only batches use credit. A channel that leads back to the head of a loop has
// credit for any number: who waits there waits for himself. Pure.
#pragma once

#include "runtime/task_port.hpp"

#include <deque>
#include <limits>

namespace weir {

/// Batches in flight per channel.
constexpr std::uint32_t channel_credits = 8;
constexpr std::uint32_t feedback_credits = std::numeric_limits<std::uint32_t>::max();

class channel_outbox final : public outbox {
public:
  channel_outbox(std::size_t channels, task_counters& counters, task_port& port,
                 std::uint32_t credits = channel_credits);

  // Require: nothing was sent yet.
  void lead_back(const std::vector<out_channel>& channels);
  /// A barrier overtakes nothing there.
  void keep_order(out_channel to) { channels_.at(to).keeps_order = true; }

  void ship(out_channel to, batch_ref full) override;
  batch_ref recycled(out_channel from) override;
  bool congested() const noexcept override { return waiting_batches_ > 0 && !overdraft_; }
  /// Lets the task emit what is left of one record though nobody takes it.
  void allow_overdraft(bool on) noexcept { overdraft_ = on; }

  /// A watermark or the end; neither goes back.
  void to_all(const channel_item& control);
  void to_some(const std::vector<out_channel>& channels, const channel_item& control);
  /// Goes where to_all goes: behind what waits, but before an end.
  void forward(const barrier& next);
  /// The barrier that was forwarded last overtakes what it waits for; `overtaken` gets
  /// that, in order.
  void overtake(std::vector<batch_on_leave>& overtaken);
  /// It waits somewhere where it may overtake.
  const std::optional<barrier>& waiting_barrier() const noexcept { return barrier_; }
  /// It stays in order, as does one that was given up.
  void forget_barrier() noexcept { barrier_.reset(); }

  void credit(out_channel from, batch_ref emptied);

  std::size_t waiting_batches() const noexcept { return waiting_batches_; }
  /// Nothing waits to be sent.
  bool drained() const noexcept;
  /// Nothing is in flight anywhere: whoever reads is idle.
  bool all_credits_home() const noexcept;

private:
  struct channel {
    std::uint32_t window;
    std::uint32_t credits;
    bool keeps_order = false;
    bool ended = false; // the end has left
    std::deque<channel_item> waiting = {};
    std::vector<batch_ref> empty = {};
  };

  void push(out_channel to, channel_item next);
  void drain(out_channel to);
  void note_barrier();

  task_counters& counters_;
  task_port& port_;
  std::vector<channel> channels_;
  std::size_t waiting_batches_ = 0;
  bool overdraft_ = false;
  std::optional<barrier> barrier_;
};

} // namespace weir
