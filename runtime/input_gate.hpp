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

class input_gate {
public:
  /// `timed`: by channel, whether watermarks come along it.
  explicit input_gate(const std::vector<bool>& timed)
      : aligner_(timed.size()), times_(timed), queues_(timed.size()) {}

  void arrived(in_channel from, channel_item item) {
    queued_batches_ += is_batch(item);
    queues_.at(from).push_back(std::move(item));
  }
  void abandon(checkpoint_id id) { aligner_.abandon(id); }

  struct turn {
    enum class kind { nothing, batch, aligned, time, ended };
    kind what = kind::nothing;
    in_channel from = 0;
    batch_ref data = {};    // for batch
    checkpoint_id id = {};  // for aligned
    watermark reached = {}; // for time: how far all channels together have come
  };

  /// The next thing to do; channels take turns. `ended` comes once, after everything
  /// else.
  turn next();

  /// Batches that have arrived and that next() has not given out.
  std::size_t queued_batches() const noexcept { return queued_batches_; }

private:
  /// Whether the channel's barrier or end completed an alignment.
  bool aligns(std::size_t channel, const channel_item& item);

  barrier_aligner aligner_;
  watermark_merger times_;
  watermark told_;
  std::vector<std::deque<channel_item>> queues_;
  std::size_t turn_ = 0; // whose turn it is
  bool end_told_ = false;
  std::size_t queued_batches_ = 0;
};

} // namespace weir
