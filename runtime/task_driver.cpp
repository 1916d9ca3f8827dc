#include "runtime/task_driver.hpp"

#include "serialization/crash_point.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

/// Batches whose rows are looked for together: so many share the way to the backend.
constexpr std::size_t window_batches = 8;
/// A deadline that is farther away is looked at again then.
constexpr std::chrono::hours deadline_ahead_max{24};

task_context context_of(const planned_task& planned, const execution_plan& plan,
                        outbox& out, const task_settings& settings,
                        task_counters& counters) {
  const planned_chain& chain = plan.chain_of(planned);
  return {planned.subtask,
          chain.parallelism,
          chain.max_parallelism,
          planned.ways,
          &out,
          settings.pages,
          &counters,
          settings.source_rows_per_second};
}

input_gate gate_of(const planned_task& planned, alignment barriers) {
  std::vector<gate_channel> channels;
  for (const planned_input& input : planned.inputs)
    channels.push_back(
        {.input = input.input, .timed = input.timed, .aligns = input.aligns});
  const auto feedback =
      std::ranges::count(planned.inputs, true, &planned_input::feedback);
  return input_gate(channels,
                    {.inside = !planned.onward.empty(),
                     .feedback_channels = static_cast<std::size_t>(feedback)},
                    barriers);
}

} // namespace

task_driver::task_driver(const planned_task& planned, const chain& chain,
                         const execution_plan& plan, const task_settings& settings,
                         task_watch& watch, task_port& port)
    : planned_(planned), chain_(chain), settings_(settings), watch_(watch), port_(port),
      outbox_(planned.outputs.size(), watch.counters, port, settings.credits),
      gate_(gate_of(planned, settings.barriers)),
      parallelism_(plan.chain_of(planned).parallelism), is_source_(planned.is_source()),
      task_(
          chain.make_task(context_of(planned, plan, outbox_, settings, watch.counters))),
      rows_(planned.id, port), in_flight_(planned.id, gate_, outbox_, port) {
  outbox_.lead_back(planned.back);
  for (out_channel to = 0; to < planned.outputs.size(); ++to) {
    const channel_end& end = planned.outputs[to];
    if (plan.task(end.task).inputs[end.channel].aligns)
      outbox_.keep_order(to);
  }
}

void task_driver::start(task_start from, const rows_start& rows,
                        std::vector<batch_in_flight> in_flight) {
  from.subtask = planned_.subtask;
  from.parallelism = parallelism_;
  task_->start(from);
  rows_.start(task_->keyed(), rows);
  gate_.restore(std::move(in_flight));
}

task_driver::outcome task_driver::run_slice(slice_budget budget, steady_time now) {
  told_ = processing_time_at(now);
  task_->tell_time(told_);
  const bool loading = rows_.load_some();
  if (rows_.restoring())
    return {loading, {}};
  rows_.tidy();
  overtake_when_due(now);
  answer_injected(now);
  rows_.encode_some(budget);
  outcome result;
  if (works() && !outbox_.congested() && rows_.has_room(told_)) {
    if (is_source_)
      result = poll_source(budget, now);
    else
      result.more = process_input(budget, now);
    answer_injected(now);
    result.more = result.more && !outbox_.congested();
  }
  in_flight_.go_on(now);
  finish_when_drained();
  watch_.queues(gate_.queued_batches() + (window_.size() > 1 ? window_.size() - 1 : 0),
                outbox_.waiting_batches());
  result.more = result.more || rows_.encoding() || loading;
  bring_forward(result.wake_at, next_overtaking());
  if (!works())
    return result;
  const auto watermark_at = pass_watermark_when_due(now);
  // Nobody downstream has anything to do: what is buffered should not wait.
  if (!result.more && outbox_.all_credits_home())
    close_batches();
  else
    bring_forward(result.wake_at, flush_when_due(now));
  bring_forward(result.wake_at, watermark_at);
  bring_forward(result.wake_at, next_deadline(now));
  return result;
}

processing_time task_driver::processing_time_at(steady_time now) const {
  return processing_time(std::chrono::floor<time_count>(now.time_since_epoch()) +
                         settings_.clock_offset);
}

/// When one comes that has not come yet; those that have are work.
std::optional<steady_time> task_driver::next_deadline(steady_time now) const {
  const auto next = task_->next_deadline();
  if (!next || outbox_.congested())
    return std::nullopt; // whoever may not send tells nobody
  const processing_time far = processing_time_at(now) + deadline_ahead_max;
  return steady_time(std::min(*next, far).time_since_epoch() - settings_.clock_offset);
}

/// When to look again, if time may go on without a record.
std::optional<steady_time> task_driver::pass_watermark_when_due(steady_time now) {
  if (outbox_.congested() || fires_later_)
    return std::nullopt; // a task that may not send is not idle
  if (now < watermark_due_)
    return reached_ == passed_ && !gives_times_ ? std::nullopt
                                                : std::optional(watermark_due_);
  const auto own = task_->own_watermark(now);
  gives_times_ = own.has_value();
  const watermark reached = own.value_or(reached_);
  if (reached != passed_) {
    close_batches(); // what they hold comes before it
    outbox_.to_all(reached);
    passed_ = reached;
    watch_.passed(reached);
  } else if (!gives_times_) {
    return std::nullopt;
  }
  watermark_due_ = now + settings_.watermark_interval;
  return gives_times_ ? std::optional(watermark_due_) : std::nullopt;
}

/// When the next flush is due: a busy task looks at the clock between two slices instead
/// of having itself woken.
std::optional<steady_time> task_driver::flush_when_due(steady_time now) {
  if (!flush_at_)
    flush_at_ = now + settings_.buffer_timeout;
  if (now >= *flush_at_)
    close_batches();
  return flush_at_;
}

void task_driver::close_batches() {
  task_->close_batches();
  flush_at_.reset();
}

task_driver::outcome task_driver::poll_source(slice_budget& budget, steady_time now) {
  if (!draining_ || !finish_record(now))
    return poll(budget, now);
  if (phase_ == phase::running) // its last record may have been its end
    reach_end();
  return {};
}

task_driver::outcome task_driver::poll(slice_budget& budget, steady_time now) {
  const poll_result polled = task_->poll(budget, now);
  switch (polled.what) {
  case poll_result::next::ended:
    reach_end();
    return {};
  case poll_result::next::wait:
    return {false, polled.wake_at};
  case poll_result::next::more:
    break;
  }
  return {true, {}};
}

/// True when the slice ended with work left.
bool task_driver::process_input(slice_budget& budget, steady_time now) {
  while (true) {
    fires_later_ = task_->fire_timers(budget);
    if (fires_later_)
      return true;
    if (ending_) {
      reach_end();
      return false;
    }
    if (rows_.waits())
      return false;
    if (window_.empty()) {
      if (!take_turn(now))
        return false;
      continue;
    }
    if (!process_front(budget) || outbox_.congested() || budget.spent())
      return true;
  }
}

/// The first batch of the window; true if nothing of it is left.
bool task_driver::process_front(slice_budget& budget) {
  batch_in_flight& current = window_.front().data;
  const std::size_t before = current.first;
  current.first = task_->process(current.input, *current.records, before, budget);
  watch_.counters.add(task_count::records_in, current.first - before);
  if (current.first < current.records->size())
    return false;
  watch_.counters.add(task_count::bytes_in, current.records->bytes());
  if (const auto from = window_.front().from)
    port_.return_credit(*from, std::move(current.records));
  window_.pop_front();
  return true;
}

/// Takes what comes next out of the gate: a batch, or what stands before it. False if
/// there is nothing for now.
bool task_driver::take_turn(steady_time now) {
  using kind = input_gate::turn::kind;
  input_gate::turn turn =
      behind_window_ ? *std::exchange(behind_window_, {}) : gate_.next();
  switch (turn.what) {
  case kind::batch:
    take_window(std::move(turn));
    break;
  case kind::aligned:
    crash_point("barrier.aligned");
    take_snapshot(turn.at, now);
    break;
  case kind::time:
    reached_ = turn.reached;
    task_->advance(reached_.time);
    break;
  case kind::probe:
    close_batches(); // what has been processed goes before it
    outbox_.to_some(planned_.onward, turn.probe);
    break;
  case kind::ended:
    ending_ = true;
    task_->advance(event_time::max()); // every deadline has come now
    break;
  case kind::nothing:
    return false;
  }
  return true;
}

/// The batches that come next, as far as nothing else stands between them, if their rows
/// have to be looked for; else the first one.
void task_driver::take_window(input_gate::turn first) {
  window_.push_back({std::move(first.data), first.from});
  if (!rows_.begin_window())
    return;
  while (window_.size() < window_batches && !behind_window_) {
    input_gate::turn next = gate_.next();
    if (next.what == input_gate::turn::kind::nothing)
      break;
    if (next.what == input_gate::turn::kind::batch)
      window_.push_back({std::move(next.data), next.from});
    else
      behind_window_ = std::move(next);
  }
  encoded_rows missing{row_shape()};
  for (const taken_batch& each : window_)
    task_->look_for(each.data.input, *each.data.records, missing);
  rows_.look_up(std::move(missing));
}

void task_driver::refuse_feedback() const {
  throw error(
      failure::job_failed,
      fmt::format("{} bytes of records wait to go round iteration '{}' again, more "
                  "than pipeline.iteration.max-bytes ({}); make fewer records in "
                  "a round, or raise it",
                  gate_.feedback_bytes(), chain_.iteration,
                  settings_.iteration_bytes_max));
}

void task_driver::reach_end() {
  close_batches();
  task_->finish();
  outbox_.to_all(end_of_channel());
  phase_ = phase::ended;
  crash_point("task.ended");
}

void task_driver::finish_when_drained() {
  if (phase_ != phase::ended || !outbox_.drained())
    return;
  phase_ = phase::finished;
  port_.finished();
}

} // namespace weir
