// The life of a task without its actor: facts go in, calls on the port come out, and work
// is done a slice at a time. No clock, no thread, no file.
//
// Lifecycle: 1. restoring (rows of an earlier checkpoint come in; input waits, if they
// cannot be asked for by key)  2. running  3. ended (last record processed, ends
// sent)  4. finished (the outbox has drained; the task answers injected barriers until
// its job is over).
#pragma once

#include "operators/job_graph.hpp"
#include "runtime/channel_outbox.hpp"
#include "runtime/execution_plan.hpp"
#include "runtime/in_flight_driver.hpp"
#include "runtime/state_driver.hpp"
#include "runtime/task_watch.hpp"

#include <limits>

namespace weir {

/// What all tasks of a job are run with.
struct task_settings {
  std::chrono::nanoseconds buffer_timeout;
  std::chrono::nanoseconds watermark_interval;
  std::uint64_t source_rows_per_second = 0;
  page_supplier* pages = nullptr;
  std::size_t iteration_bytes_max = std::numeric_limits<std::size_t>::max();
  std::uint32_t credits = channel_credits;
  alignment barriers = alignment::holding;
  /// What processing time is ahead of the steady clock.
  processing_clock::duration clock_offset{};
};

/// The earlier one, if any.
inline void bring_forward(std::optional<steady_time>& wake_at,
                          const std::optional<steady_time>& then) {
  if (then)
    wake_at = std::min(*then, wake_at.value_or(*then));
}

class task_driver {
public:
  task_driver(const planned_task& planned, const chain& chain, const execution_plan& plan,
              const task_settings& settings, task_watch& watch, task_port& port);

  /// `in_flight`: what was on its way to the task when its checkpoint was taken.
  void start(task_start from, const rows_start& rows,
             std::vector<batch_in_flight> in_flight = {});

  /// Throws failure::job_failed when more waits to go round a loop again than may.
  void arrived(in_channel from, channel_item item) {
    gate_.arrived(from, std::move(item));
    if (gate_.feedback_bytes() > settings_.iteration_bytes_max) [[unlikely]]
      refuse_feedback();
  }
  /// False if it changes nothing: then a slice would find nothing to do, and a task that
  /// waits for the time of its next record would be woken for each batch that it has
  /// sent.
  bool credit(out_channel from, batch_ref emptied) {
    const bool awaited = phase_ != phase::running || outbox_.congested() || flush_at_;
    outbox_.credit(from, std::move(emptied));
    return awaited;
  }
  /// The coordinator begins a checkpoint here: at a source, or at a task to which no
  /// channel brings barriers any more because it has finished. At the head of a loop that
  /// may be so before; if it is not, the barrier comes along a channel.
  void inject(const barrier& begun, steady_time now);
  void abandon(checkpoint_id id);
  /// A source ends where it stands.
  void drain() { draining_ = true; }
  void completed(checkpoint_id id) { task_->checkpoint_completed(id); }
  /// Rows asked for with request_rows; an empty run is the end of them.
  void restored_rows(encoded_rows rows) { rows_.restored_rows(std::move(rows)); }
  /// Rows asked for with look_up.
  void looked_up(const encoded_rows& found) { rows_.looked_up(found); }
  /// The run of a sealed epoch is in the backend.
  void ingested(epoch sealed) { rows_.ingested(sealed); }

  struct outcome {
    bool more = false;                  // there is work that waits for nothing
    std::optional<steady_time> wake_at; // else: a record, a flush, a deadline is due
  };
  outcome run_slice(slice_budget budget, steady_time now);

  /// Whoever reads what this task writes has to go on first.
  bool congested() const noexcept { return outbox_.congested(); }
  /// After an exception: the record that was being processed, as text; or empty.
  std::string in_hand() const { return task_->in_hand(); }

private:
  enum class phase { running, ended, finished };

  bool works() const noexcept { return phase_ == phase::running && !stopped_at_; }

  outcome poll_source(slice_budget& budget, steady_time now);
  outcome poll(slice_budget& budget, steady_time now);
  bool process_input(slice_budget& budget, steady_time now);
  bool process_front(slice_budget& budget);
  bool take_turn(steady_time now);
  void take_window(input_gate::turn first);
  [[noreturn]] void refuse_feedback() const;
  processing_time processing_time_at(steady_time now) const;
  std::optional<steady_time> next_deadline(steady_time now) const;
  std::optional<steady_time> flush_when_due(steady_time now);
  std::optional<steady_time> pass_watermark_when_due(steady_time now);
  void close_batches();
  void answer_injected(steady_time now);
  void overtake_when_due(steady_time now);
  std::optional<barrier> barrier_in_sight() const;
  std::optional<steady_time> next_overtaking() const;
  bool finish_record(steady_time now);
  void take_snapshot(const barrier& at, steady_time now);
  void reach_end();
  void finish_when_drained();

  const planned_task& planned_;
  const chain& chain_;
  task_settings settings_;
  task_watch& watch_;
  task_port& port_;
  channel_outbox outbox_;
  input_gate gate_;
  std::uint32_t parallelism_; // of its chain
  bool is_source_;
  bool gives_times_ = false; // it makes watermarks of its own
  std::unique_ptr<task> task_;
  phase phase_ = phase::running;
  std::optional<steady_time> flush_at_; // what stands in open batches has to go by then

  bool fires_later_ = false; // deadlines have come and are still to be told
  bool ending_ = false;      // no input is left
  bool draining_ = false;    // of a source: nothing more is wanted of it

  processing_time told_ = processing_time::min();  // to the task
  watermark reached_;                              // by the input
  watermark passed_;                               // what those behind this task know
  steady_time watermark_due_ = steady_time::min(); // not before, or batches get small

  /// What is processed next: a batch, which a slice may have left in the middle, or some
  /// whose rows are looked for together, and what came behind them.
  struct taken_batch {
    batch_in_flight data;
    std::optional<in_channel> from; // who waits for its credit
  };
  std::deque<taken_batch> window_;
  std::optional<input_gate::turn> behind_window_;

  state_driver rows_;
  in_flight_driver in_flight_;
  checkpoint_id last_snapshot_{};
  std::optional<barrier> injected_;         // and not answered yet
  std::optional<checkpoint_id> stopped_at_; // nothing is processed behind it
};

} // namespace weir
