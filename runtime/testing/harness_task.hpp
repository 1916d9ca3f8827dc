// A task as a harness runs it: the task of the job, stopped wherever it can be stopped if
// the mode says so, whose watermarks follow when the test has come to the end of a moment
// and not in the midst of what it pushes.
#pragma once

#include "operators/job_graph.hpp"

namespace weir::testing {

/// The time of a harness, which only the test moves.
struct harness_moment {
  steady_time now{};
  bool over = false; // all records of the moment are worked off: watermarks follow
};

/// What the tasks of a chain know of time. A running job forgets it when it is restored
/// and learns it again from later records; then what is late would depend on the mode.
struct known_time {
  event_time told = event_time::min(); // their watermark
  event_time owed = event_time::min(); // what it will be when the moment is over
  steady_time heard{};                 // when the last record came
};

/// Full after every look but the first ones.
class tiny_outbox final : public outbox {
public:
  explicit tiny_outbox(outbox& behind) : behind_(behind) {}

  void ship(out_channel to, batch_ref full) override {
    behind_.ship(to, std::move(full));
  }
  batch_ref recycled(out_channel from) override { return behind_.recycled(from); }
  bool congested() const noexcept override;

  void allow(std::uint32_t looks) noexcept { looks_left_ = looks; }

private:
  outbox& behind_;
  mutable std::uint32_t looks_left_ = 0;
};

class harness_task final : public task {
public:
  harness_task(const chain& of, const task_context& context, const harness_moment& moment,
               bool tiny);

  /// Before start, if the chain was restored.
  void remember(const known_time& known) { known_ = known; }
  /// None where records get no time.
  std::optional<known_time> time_known();

  void start(const task_start& from) override;
  poll_result poll(slice_budget& budget, steady_time now) override;
  std::size_t process(std::uint32_t input, const batch_base& records, std::size_t from,
                      slice_budget& budget) override;
  void look_for(std::uint32_t input, const batch_base& records,
                encoded_rows& missing) override {
    wrapped_->look_for(input, records, missing);
  }
  std::optional<watermark> own_watermark(steady_time now) override;
  void advance(event_time until) override { wrapped_->advance(until); }
  void tell_time(processing_time now) override { wrapped_->tell_time(now); }
  bool fire_timers(slice_budget& budget) override;
  std::optional<processing_time> next_deadline() const override {
    return wrapped_->next_deadline();
  }
  void resume_time(event_time reached) override { wrapped_->resume_time(reached); }
  bool between_records() const noexcept override { return wrapped_->between_records(); }
  void close_batches() override { wrapped_->close_batches(); }
  std::vector<operator_snapshot> snapshot(checkpoint_id id) override {
    return wrapped_->snapshot(id);
  }
  void checkpoint_completed(checkpoint_id id) override {
    wrapped_->checkpoint_completed(id);
  }
  void checkpoint_aborted(checkpoint_id id) override { wrapped_->checkpoint_aborted(id); }
  void finish() override { wrapped_->finish(); }
  std::string in_hand() const override { return wrapped_->in_hand(); }
  keyed_state* keyed() noexcept override { return wrapped_->keyed(); }

private:
  void begin_stretch();
  void end_stretch(bool progress);

  const harness_moment& moment_;
  task_counters& counters_;
  std::optional<tiny_outbox> tiny_;
  std::uint32_t looks_ = 1; // that the chain takes before it works on a record
  std::unique_ptr<task> wrapped_;
  std::optional<known_time> known_;
  std::optional<watermark> told_;
};

} // namespace weir::testing
