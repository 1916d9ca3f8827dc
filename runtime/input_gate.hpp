// What has arrived at a task and not been processed: one queue per channel. Messages move
// here at once, so a task's mailbox never hides a barrier behind data. Pure.
#pragma once

#include "runtime/barrier_aligner.hpp"
#include "runtime/channel_item.hpp"
#include "runtime/watermark_merger.hpp"

#include <deque>
#include <vector>

namespace weir {

using in_channel = std::uint32_t;

/// Where in a loop a task is, if it is in one.
struct loop_place {
  bool inside = false;
  std::size_t feedback_channels = 0; // the last ones; none if it is no head
};

class input_gate {
public:
  /// `timed`: by channel, whether watermarks come along it.
  explicit input_gate(const std::vector<bool>& timed, loop_place loop = {});

  void arrived(in_channel from, channel_item item) {
    if (const auto* data = std::get_if<batch_ref>(&item)) {
      ++queued_batches_;
      if (from >= first_feedback_)
        fed_back(**data);
    }
    queues_.at(from).push_back(std::move(item));
  }
  void abandon(checkpoint_id id) { aligner_.abandon(id); }

  struct turn {
    enum class kind { nothing, batch, aligned, time, probe, ended };
    kind what = kind::nothing;
    in_channel from = 0;
    batch_ref data = {};    // for batch
    checkpoint_id id = {};  // for aligned
    watermark reached = {}; // for time: how far all channels together have come
    loop_probe probe = {};  // for probe: to be sent on through the loop
  };

  /// The next thing to do; channels take turns, except that what comes back to the head
  /// of a loop is taken before new input. `ended` comes once, after everything else.
  turn next();

  /// Nothing but feedback will come any more.
  bool input_ended() const { return aligner_.all_ended(); }
  /// Batches that have arrived and that next() has not given out.
  std::size_t queued_batches() const noexcept { return queued_batches_; }
  /// What of it came back to the head of a loop.
  std::size_t feedback_bytes() const noexcept { return feedback_bytes_; }

private:
  void fed_back(const batch_base& data) noexcept;
  bool may_pass(std::size_t channel) const;
  turn give_out(std::size_t channel, batch_ref data);
  turn when_all_wait();
  /// Whether the channel's barrier or end completed an alignment.
  bool aligns(std::size_t channel, const channel_item& item);

  barrier_aligner aligner_;
  watermark_merger times_;
  watermark told_;
  std::vector<std::deque<channel_item>> queues_;
  std::size_t turn_ = 0; // whose turn it is
  bool end_told_ = false;
  std::size_t queued_batches_ = 0;

  std::optional<loop_probes> probes_; // in a loop
  std::size_t first_feedback_;
  std::size_t feedback_batches_ = 0; // of the queued ones
  std::size_t feedback_bytes_ = 0;
};

} // namespace weir
