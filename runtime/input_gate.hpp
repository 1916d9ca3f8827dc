// What has arrived at a task and not been processed: one queue per channel. Messages move
// here at once, so a task's mailbox never hides a barrier behind data. Pure.
#pragma once

#include "operators/batch.hpp"
#include "runtime/barrier_aligner.hpp"

#include <deque>
#include <vector>

namespace weir {

using in_channel = std::uint32_t;

class input_gate {
public:
  explicit input_gate(std::size_t channels) : aligner_(channels), queues_(channels) {}

  void batch(in_channel from, batch_ref arrived) {
    push(from, std::move(arrived), {});
    ++queued_batches_;
  }
  void barrier(in_channel from, checkpoint_id id) { push(from, {}, id); }
  void end(in_channel from) { push(from, {}, {}); }
  void abandon(checkpoint_id id) { aligner_.abandon(id); }

  struct turn {
    enum class kind { nothing, batch, aligned, ended };
    kind what = kind::nothing;
    in_channel from = 0;
    batch_ref data;     // for batch
    checkpoint_id id{}; // for aligned
  };

  /// The next thing to do; channels take turns. `ended` comes once, after everything
  /// else.
  turn next();

  /// Batches that have arrived and that next() has not given out.
  std::size_t queued_batches() const noexcept { return queued_batches_; }

private:
  struct item { // a batch, else a barrier with its id, else an end
    batch_ref data;
    std::optional<checkpoint_id> barrier;
  };

  void push(in_channel from, batch_ref data, std::optional<checkpoint_id> barrier) {
    queues_.at(from).push_back({std::move(data), barrier});
  }

  barrier_aligner aligner_;
  std::vector<std::deque<item>> queues_;
  std::size_t turn_ = 0; // whose turn it is
  bool end_told_ = false;
  std::size_t queued_batches_ = 0;
};

} // namespace weir
