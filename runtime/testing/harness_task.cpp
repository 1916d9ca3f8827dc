#include "runtime/testing/harness_task.hpp"

namespace weir::testing {

bool tiny_outbox::congested() const noexcept {
  if (looks_left_ == 0)
    return true;
  --looks_left_;
  return behind_.congested();
}

harness_task::harness_task(const chain& of, const task_context& context,
                           const harness_moment& moment, bool tiny)
    : moment_(moment), counters_(*context.counters) {
  task_context own = context;
  if (tiny)
    own.outbox = &tiny_.emplace(*context.outbox);
  wrapped_ = of.make_task(own);
}

void harness_task::start(const task_start& from) {
  wrapped_->start(from);
  if (!known_)
    known_ = {.heard = moment_.now};
  wrapped_->resume_time(known_->told);
  wrapped_->own_watermark(known_->heard); // it has been silent since then
  told_ = wrapped_->own_watermark(moment_.now);
}

std::optional<known_time> harness_task::time_known() {
  if (!told_)
    return std::nullopt;
  // It will not be asked again: what it says now does not count before the moment is
  // over.
  const event_time owed = wrapped_->own_watermark(moment_.now)->time;
  return known_time{told_->time, std::max(known_->owed, owed), known_->heard};
}

std::optional<watermark> harness_task::own_watermark(steady_time now) {
  if (!told_ || !moment_.over)
    return told_;
  wrapped_->resume_time(known_->owed);
  return told_ = wrapped_->own_watermark(now);
}

poll_result harness_task::poll(slice_budget& budget, steady_time now) {
  const std::uint64_t before = counters_[task_count::rows_read];
  begin_stretch();
  const poll_result result = wrapped_->poll(budget, now);
  const bool read = counters_[task_count::rows_read] != before;
  if (read)
    known_->heard = now;
  end_stretch(read || result.what != poll_result::next::more);
  return result;
}

std::size_t harness_task::process(std::uint32_t input, const batch_base& records,
                                  std::size_t from, slice_budget& budget) {
  known_->heard = moment_.now;
  begin_stretch();
  const std::size_t at = wrapped_->process(input, records, from, budget);
  end_stretch(at != from);
  return at;
}

bool harness_task::fire_timers(slice_budget& budget) {
  begin_stretch();
  const bool left = wrapped_->fire_timers(budget);
  end_stretch(!left);
  return left;
}

void harness_task::begin_stretch() {
  if (tiny_)
    tiny_->allow(looks_);
}

/// A chain with side outputs looks at each of them before it works on a record.
void harness_task::end_stretch(bool progress) {
  if (!tiny_)
    return;
  if (!progress && between_records())
    ++looks_;
  tiny_->allow(looks_);
  close_batches();
}

} // namespace weir::testing
