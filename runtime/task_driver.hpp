// The life of a task without its actor: facts go in, calls on the port come out, and work
// is done a slice at a time. No clock, no thread, no file.
//
// Lifecycle: 1. restoring (rows of an earlier checkpoint come in; input waits)  2.
// running
// 3. ended (last record processed, ends sent)  4. finished (the outbox has drained; the
// task answers injected barriers until its job is over).
#pragma once

#include "operators/job_graph.hpp"
#include "runtime/channel_outbox.hpp"
#include "runtime/execution_plan.hpp"

namespace weir {

/// What all tasks of a job are run with.
struct task_settings {
  std::chrono::nanoseconds buffer_timeout;
  page_supplier* pages = nullptr;
};

class task_driver {
public:
  task_driver(const planned_task& planned, const chain& chain, const execution_plan& plan,
              const task_settings& settings, task_port& port);

  /// `keyed_restored`: rows will come through restored_rows before any input is
  /// processed.
  void start(const task_start& from, bool keyed_restored);

  void batch(in_channel from, batch_ref data) { gate_.batch(from, std::move(data)); }
  void barrier(in_channel from, checkpoint_id id) { gate_.barrier(from, id); }
  void end(in_channel from) { gate_.end(from); }
  void credit(out_channel from, batch_ref emptied) {
    outbox_.credit(from, std::move(emptied));
  }
  /// The coordinator begins checkpoint `id` here: at a source, or at a task that has
  /// finished and to which no channel brings barriers any more.
  void inject(checkpoint_id id);
  void abandon(checkpoint_id id);
  /// Rows asked for with request_rows; an empty run is the end of them.
  void restored_rows(encoded_rows rows);

  struct outcome {
    bool more = false;                  // there is work that waits for nothing
    std::optional<steady_time> wake_at; // else: a record or a flush is due then
  };
  outcome run_slice(slice_budget budget, steady_time now);

  std::uint64_t records_in() const noexcept { return records_in_; }

private:
  enum class phase { restoring, running, ended, finished };

  bool load_rows();
  void settle_slice();
  void encode_slice(slice_budget& budget);
  outcome poll_source(slice_budget& budget, steady_time now);
  bool process_input(slice_budget& budget);
  std::optional<steady_time> flush_when_due(steady_time now);
  void close_batches();
  void answer_injected();
  void take_snapshot(checkpoint_id id, bool forward);
  void reach_end();
  void finish_when_drained();

  task_id id_;
  std::chrono::nanoseconds buffer_timeout_;
  task_port& port_;
  channel_outbox outbox_;
  input_gate gate_;
  bool is_source_;
  std::unique_ptr<task> task_;
  phase phase_ = phase::running;
  std::optional<steady_time> flush_at_; // what stands in open batches has to go by then

  // The batch that a slice left in the middle.
  batch_ref current_;
  in_channel current_from_ = 0;
  std::size_t current_at_ = 0;

  std::optional<encoded_rows> rows_; // restored, being loaded
  std::size_t rows_at_ = 0;

  /// Snapshots whose run is not encoded yet, in the order of their epochs.
  std::deque<upload_request> unencoded_;
  bool encoding_ = false;
  checkpoint_id last_snapshot_{};
  std::optional<checkpoint_id> injected_; // and not answered yet
  std::uint64_t records_in_ = 0;
};

} // namespace weir
