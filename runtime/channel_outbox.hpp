// The outbox of a task: a window of credits per channel, and what waits for one. All that
// goes along a channel leaves in order; only batches use credit. Pure.
#pragma once

#include "runtime/task_port.hpp"

#include <deque>

namespace weir {

/// Batches in flight per channel.
constexpr std::uint32_t channel_credits = 8;

class channel_outbox final : public outbox {
public:
  channel_outbox(std::size_t channels, task_counters& counters, task_port& port,
                 std::uint32_t credits = channel_credits);

  void ship(out_channel to, batch_ref full) override;
  batch_ref recycled(out_channel from) override;
  bool congested() const noexcept override { return waiting_batches_ > 0; }

  /// A barrier, a watermark or the end.
  void to_all(const channel_item& control);
  void credit(out_channel from, batch_ref emptied);

  std::size_t waiting_batches() const noexcept { return waiting_batches_; }
  /// Nothing waits to be sent.
  bool drained() const noexcept;
  /// Nothing is in flight anywhere: whoever reads is idle.
  bool all_credits_home() const noexcept;

private:
  struct channel {
    std::uint32_t credits;
    std::deque<channel_item> waiting = {};
    std::vector<batch_ref> empty = {};
  };

  void push(out_channel to, channel_item next);
  void drain(out_channel to);

  task_counters& counters_;
  task_port& port_;
  std::uint32_t credits_; // of each channel
  std::vector<channel> channels_;
  std::size_t waiting_batches_ = 0;
};

} // namespace weir
