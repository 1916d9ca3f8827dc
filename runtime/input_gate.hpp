// What has arrived at a task and not been processed: one queue per channel. Messages move
// here at once, so a task's mailbox never hides a barrier behind data. Pure.
#pragma once

#include "runtime/barrier_aligner.hpp"
#include "runtime/channel_item.hpp"
#include "runtime/in_flight_log.hpp"
#include "runtime/watermark_merger.hpp"

#include <deque>
#include <map>
#include <vector>

namespace weir {

/// What a gate has to know of a channel.
struct gate_channel {
  std::uint32_t input = 0; // of the chain, to which its records go
  bool timed = false;      // watermarks come along it
  bool aligns = false;     // its barriers overtake nothing
};

/// Where in a loop a task is, if it is in one.
struct loop_place {
  bool inside = false;
  std::size_t feedback_channels = 0; // the last ones; none if it is no head
};

class input_gate {
public:
  explicit input_gate(const std::vector<gate_channel>& channels, loop_place loop = {},
                      alignment how = alignment::holding);

  /// What was in flight when the checkpoint was taken that the task begins with. It comes
  /// before everything that arrives. Requires: nothing has arrived.
  void restore(std::vector<batch_in_flight> in_flight);

  void arrived(in_channel from, channel_item item);
  void abandon(checkpoint_id id);

  struct turn {
    enum class kind { nothing, batch, aligned, time, probe, ended };
    kind what = kind::nothing;
    std::optional<in_channel> from = {}; // for batch; none: nobody waits for a credit
    batch_in_flight data = {};           // for batch
    barrier at = {};                     // for aligned
    watermark reached = {}; // for time: how far all channels together have come
    loop_probe probe = {};  // for probe: to be sent on through the loop
  };

  /// The next thing to do; channels take turns, except that what comes back to the head
  /// of a loop is taken before new input. `ended` comes once, after everything else.
  turn next();

  /// The barrier that has arrived on some channel, is to overtake what it can, and has to
  /// wait for no channel that only aligns. None: there is no such barrier.
  std::optional<barrier> may_overtake() const;
  /// That checkpoint is taken now: what stands before its barriers, and `taken` before
  /// all, goes into the log.
  void overtake(const barrier& now, std::vector<batch_in_flight> taken);
  in_flight_log& log() noexcept { return log_; }

  /// Nothing but feedback will come any more.
  bool input_ended() const { return aligner_.all_ended(); }
  /// Batches that have arrived and that next() has not given out.
  std::size_t queued_batches() const noexcept { return queued_batches_; }
  /// What of it came back to the head of a loop.
  std::size_t feedback_bytes() const noexcept { return feedback_bytes_; }

private:
  struct incoming {
    gate_channel known;
    std::deque<channel_item> queue = {};
  };

  void note(in_channel from, const channel_item& item);
  void log_up_to_barrier(in_channel from, checkpoint_id id);
  bool may_pass(std::size_t channel) const;
  turn give_out(std::size_t channel, batch_ref data);
  turn when_all_wait();
  turn aligned();
  /// Whether the channel's barrier or end completed an alignment.
  bool aligns(std::size_t channel, const channel_item& item);

  barrier_aligner aligner_;
  watermark_merger times_;
  watermark told_;
  std::vector<incoming> channels_;
  std::deque<batch_in_flight> restored_;
  std::size_t turn_ = 0; // whose turn it is
  bool end_told_ = false;
  std::size_t queued_batches_ = 0;

  std::map<checkpoint_id, barrier> announced_; // arrived on some channel, and not done
  in_flight_log log_;

  std::optional<loop_probes> probes_; // in a loop
  std::size_t first_feedback_;
  std::size_t feedback_batches_ = 0; // of the queued ones
  std::size_t feedback_bytes_ = 0;
};

} // namespace weir
