#include "bench/kernels/keyed_count_actors.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace weir::bench {

namespace {

constexpr int batches_in_flight = 8;
constexpr std::size_t encode_rows = 4096;

} // namespace

count_source::count_source(caf::actor_config& config, const keyed_count_params& params,
                           std::size_t index)
    : event_based_actor(config), index_(index), seed_(params.seed), keys_(params.keys),
      left_(part_of(params.records, index, params.parallelism)),
      outbox_(params.parallelism, batches_in_flight) {}

caf::behavior count_source::make_behavior() {
  return {
      [this](count_start& start) {
        tasks_ = std::move(start.receivers);
        pump();
      },
      [this](count_credit& credit) {
        outbox_.give_back(credit.task, std::move(credit.buffer));
        pump();
      },
      [this](const count_barrier& barrier) { inject(barrier.id); },
  };
}

void count_source::pump() {
  while (outbox_.may_fill()) {
    const auto task = fill();
    if (task == tasks_.size())
      return finish();
    send_open(task);
  }
}

std::size_t count_source::fill() {
  return outbox_.fill(left_, [this](std::uint64_t i) {
    const auto drawn = draw(seed_, i, keys_);
    const auto task = task_of(hash_of(drawn.key), tasks_.size());
    outbox_.next_item(task) = drawn;
    return task;
  });
}

void count_source::send_open(std::size_t task) {
  if (outbox_.open(task).size > 0)
    send(tasks_[task], count_batch{index_, outbox_.take(task)});
}

void count_source::inject(std::uint64_t id) {
  for (std::size_t task = 0; task < tasks_.size(); ++task) {
    send_open(task);
    send(tasks_[task], count_barrier{index_, id});
  }
}

void count_source::finish() {
  for (std::size_t task = 0; task < tasks_.size(); ++task) {
    send_open(task);
    send(tasks_[task], count_end{index_});
  }
  quit();
}

count_task::count_task(caf::actor_config& config, const keyed_count_params& params,
                       std::size_t index, const run_clock& clock,
                       std::vector<caf::actor> sources, caf::actor coordinator,
                       caf::actor uploader)
    : event_based_actor(config), index_(index), records_(params.records), clock_(clock),
      // Key groups are not perfectly even: a little more than an equal share.
      table_(params.keys / params.parallelism * 17 / 16 + 16),
      coordinator_(std::move(coordinator)), uploader_(std::move(uploader)) {
  for (auto& source : sources)
    channels_.push_back({.source = std::move(source)});
}

void count_task::on_exit() {
  channels_.clear();
  coordinator_ = nullptr;
  uploader_ = nullptr;
}

caf::behavior count_task::make_behavior() {
  return {
      [this](count_batch& batch) {
        auto& from = channels_[batch.source];
        if (from.at_barrier)
          from.held.push_back(std::move(batch.records));
        else
          process(from, std::move(batch.records));
      },
      [this](const count_barrier& barrier) {
        barrier_from(channels_[barrier.source], barrier.id);
      },
      [this](const count_end& end) {
        end_from(channels_[end.source]);
        if (std::all_of(channels_.begin(), channels_.end(),
                        [](const channel& c) { return c.ended; }))
          finish();
      },
  };
}

void count_task::process(channel& from, batch_ptr<record> records) {
  table_.add(records->items.data(), records->size);
  send(from.source, count_credit{index_, std::move(records)});
  if (table_.sealed_pending() && table_.encode(encode_rows))
    ship();
}

void count_task::barrier_from(channel& from, std::uint64_t id) {
  from.at_barrier = true;
  checkpoint_ = id;
  aligning_ = true;
  align();
}

void count_task::end_from(channel& from) {
  if (from.at_barrier) {
    from.end_held = true;
    return;
  }
  from.ended = true;
  align();
}

void count_task::align() {
  const auto reached = [](const channel& c) { return c.at_barrier || c.ended; };
  if (!aligning_ || !std::all_of(channels_.begin(), channels_.end(), reached))
    return;
  const auto start = thread_cpu_seconds();
  table_.seal();
  aligning_ = false;
  for (auto& c : channels_)
    c.at_barrier = false;
  max_pause_ = std::max(max_pause_, thread_cpu_seconds() - start);
  release_held();
}

void count_task::release_held() {
  for (auto& c : channels_) {
    for (auto& records : std::exchange(c.held, {}))
      process(c, std::move(records));
    if (std::exchange(c.end_held, false))
      c.ended = true;
  }
}

void count_task::ship() {
  send(uploader_, count_sealed{checkpoint_, index_, table_.take_run()});
}

void count_task::finish() {
  if (table_.sealed_pending()) {
    table_.encode(std::numeric_limits<std::size_t>::max());
    ship();
  }
  // The time stands still before the checksum: it reads the whole table.
  auto figures = clock_.stop(records_);
  figures.extra["max_pause_ms"] = max_pause_ * 1e3;
  figures.checksum = table_.checksum();
  send(coordinator_, count_finished{std::move(figures)});
  quit();
}

count_uploader::count_uploader(caf::actor_config& config,
                               const keyed_count_params& params, caf::actor coordinator)
    : event_based_actor(config), writer_(params.work_directory, params.parallelism),
      tasks_(params.parallelism), coordinator_(std::move(coordinator)) {}

caf::behavior count_uploader::make_behavior() {
  return {
      [this](count_sealed& sealed) {
        writer_.write(sealed.id, sealed.task, *sealed.rows);
        if (++written_ < tasks_)
          return;
        written_ = 0;
        writer_.complete(sealed.id);
        send(coordinator_, count_uploaded{});
      },
  };
}

count_coordinator::count_coordinator(caf::actor_config& config,
                                     const keyed_count_params& params,
                                     std::shared_ptr<std::promise<run_figures>> result)
    : event_based_actor(config), interval_(params.interval),
      tasks_left_(params.parallelism), result_(std::move(result)) {}

caf::behavior count_coordinator::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) {
    result_->set_exception(std::make_exception_ptr(
        std::runtime_error("the uploader died: " + to_string(down.reason))));
    quit();
  });
  return {
      [this](count_start& start, const caf::actor& uploader) {
        sources_ = std::move(start.receivers);
        if (interval_.count() > 0) {
          monitor(uploader);
          delayed_send(this, interval_, count_trigger{});
        }
      },
      [this](count_trigger) { trigger(); },
      [this](count_uploaded) { uploaded(); },
      [this](const count_finished& task) { task_finished(task.figures); },
  };
}

void count_coordinator::trigger() {
  delayed_send(this, interval_, count_trigger{});
  if (pending_)
    due_ = true;
  else
    inject();
}

void count_coordinator::inject() {
  pending_ = true;
  ++checkpoint_;
  for (const auto& source : sources_)
    send(source, count_barrier{0, checkpoint_});
}

void count_coordinator::uploaded() {
  pending_ = false;
  figures_.extra["checkpoints"] += 1;
  if (std::exchange(due_, false))
    inject();
}

void count_coordinator::task_finished(const run_figures& task) {
  figures_.records = task.records;
  figures_.wall_seconds = std::max(figures_.wall_seconds, task.wall_seconds);
  figures_.cpu_seconds = std::max(figures_.cpu_seconds, task.cpu_seconds);
  figures_.checksum += task.checksum;
  auto& pause = figures_.extra["max_pause_ms"];
  pause = std::max(pause, task.extra.at("max_pause_ms"));
  if (--tasks_left_ > 0)
    return;
  result_->set_value(figures_);
  quit();
}

} // namespace weir::bench
