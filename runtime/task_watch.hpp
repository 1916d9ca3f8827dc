// What can be seen of one task: its counts, its queues, and how it spends its time. The
// task writes, once per slice or batch; anybody reads, at any time.
//
// It outlives the attempts of its job: a task that begins again from a checkpoint goes
// back to what it had counted at that checkpoint's barrier.
#pragma once

#include "operators/task.hpp"
#include "serialization/strong_id.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <optional>

namespace weir {

/// What a task does, from one moment to the next.
enum class task_state : std::uint8_t { stopped, idle, busy, back_pressured };

class task_times {
public:
  /// Totals by task_state.
  using totals = std::array<std::chrono::nanoseconds, 4>;

  void enter(task_state next, steady_time now) noexcept {
    const task_state left = state_.load(relaxed);
    if (next == left)
      return; // a busy task writes nothing
    auto& total = totals_[static_cast<std::size_t>(left)];
    total.store(total.load(relaxed) + (now - since_.load(relaxed)), relaxed);
    since_.store(now, relaxed);
    state_.store(next, relaxed);
  }

  /// Who reads in the middle of a change may see one stretch twice or not at all, once.
  totals at(steady_time now) const noexcept {
    totals sum;
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] = totals_[i].load(relaxed);
    const auto open = now - since_.load(relaxed);
    if (open > open.zero())
      sum[static_cast<std::size_t>(state_.load(relaxed))] += open;
    return sum;
  }

private:
  static constexpr auto relaxed = std::memory_order_relaxed;

  std::array<std::atomic<std::chrono::nanoseconds>, 4> totals_{};
  std::atomic<steady_time> since_{};
  std::atomic<task_state> state_ = task_state::stopped;
};

class task_watch {
public:
  task_counters counters;
  task_times times;

  void queues(std::size_t queued, std::size_t waiting) noexcept {
    batches_queued_.store(queued, std::memory_order_relaxed);
    batches_waiting_.store(waiting, std::memory_order_relaxed);
  }
  std::uint64_t batches_queued() const noexcept {
    return batches_queued_.load(std::memory_order_relaxed);
  }
  std::uint64_t batches_waiting() const noexcept {
    return batches_waiting_.load(std::memory_order_relaxed);
  }

  /// What those behind the task know of its event time.
  void passed(const watermark& reached) noexcept {
    watermark_.store(reached.idle ? event_time::max() : reached.time,
                     std::memory_order_relaxed);
  }
  /// event_time::min() before the first watermark, max() while it holds nobody back.
  event_time passed() const noexcept {
    return watermark_.load(std::memory_order_relaxed);
  }

  /// Around what a checkpoint keeps the task from its records for.
  void stands_since(checkpoint_id id, steady_time now) noexcept {
    stands_for_.store(id, std::memory_order_relaxed);
    stands_since_.store(now, std::memory_order_release);
  }
  void stands_no_more() noexcept {
    stands_since_.store(steady_time::max(), std::memory_order_relaxed);
  }
  struct stand {
    checkpoint_id id;
    steady_time since = steady_time::max(); // max(): it does not stand
  };
  /// Who reads when a stand begins may see the checkpoint of the one before, never a
  /// wrong time.
  stand stands() const noexcept {
    const steady_time since = stands_since_.load(std::memory_order_acquire);
    return {stands_for_.load(std::memory_order_relaxed), since};
  }

  /// The task stands at the barrier of a checkpoint.
  void at_barrier(checkpoint_id id) {
    marks_.push_back({id, counters.all()});
    if (marks_.size() > marks_max)
      marks_.pop_front();
  }
  void abandoned(checkpoint_id id) {
    std::erase_if(marks_, [id](const mark& at) { return at.id == id; });
  }

  /// The task begins again: from a checkpoint of this run, or from where the run began.
  /// Requires: it does not run.
  void go_back(std::optional<checkpoint_id> to) {
    while (!marks_.empty() && marks_.back().id != to)
      marks_.pop_back();
    counters.reset(marks_.empty() ? task_counts{} : marks_.back().counts);
    queues(0, 0);
    passed({});
    stands_no_more();
  }

private:
  struct mark {
    checkpoint_id id;
    task_counts counts;
  };
  /// Of the complete checkpoints that an attempt may go back to, and of those under way.
  static constexpr std::size_t marks_max = 128;

  std::atomic<std::uint64_t> batches_queued_{0};
  std::atomic<std::uint64_t> batches_waiting_{0};
  std::atomic<event_time> watermark_{event_time::min()};
  std::atomic<checkpoint_id> stands_for_{};
  std::atomic<steady_time> stands_since_{steady_time::max()};
  std::deque<mark> marks_; // the task's, and between attempts the coordinator's
};

} // namespace weir
