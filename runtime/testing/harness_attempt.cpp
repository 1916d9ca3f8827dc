#include "runtime/testing/harness_attempt.hpp"

#include "runtime/task_failure.hpp"

namespace weir::testing {

namespace {

constexpr std::chrono::milliseconds buffer_timeout{2};

task_settings settings_of(const attempt_options& options) {
  // Watermarks follow at once: when they may, a harness_task knows.
  task_settings settings{buffer_timeout, std::chrono::nanoseconds{0}};
  if (options.tiny)
    settings.credits = 1;
  return settings;
}

} // namespace

/// A task and its driver, whose world is the attempt.
class harness_attempt::worker final : private task_port {
public:
  worker(harness_attempt& of, const planned_task& planned, const chain& declared,
         const attempt_options& options, const harness_moment& moment)
      : of_(of), planned_(planned), chain_(declared), options_(options), moment_(moment) {
    chain_.make_task = [this, make = declared](const task_context& context) {
      auto made = std::make_unique<harness_task>(make, context, moment_, options_.tiny);
      task_ = made.get();
      return made;
    };
    guarded([&] {
      task_port& port = *this;
      driver_.emplace(planned_, chain_, of_.plan_, settings_of(options_),
                      of_.watch_.task(planned_.id), port);
    });
  }

  void start(const known_times& times) {
    if (const auto known = times.find(planned_.chain); known != times.end())
      task_->remember(known->second);
    guarded([&] {
      driver_->start(of_.snapshot_.start_of(of_.graph_, of_.plan_, planned_),
                     {.restored = of_.snapshot_.has_rows(planned_)});
    });
  }

  void take(const fact& told) {
    has_work_ = true;
    guarded([&] { told(*driver_); });
  }
  void look() noexcept { has_work_ = true; }
  bool has_work() const noexcept { return has_work_; }

  void work() {
    const slice_budget slice(options_.slice_blocks,
                             slice_budget::clock::time_point::max());
    guarded([&] { has_work_ = driver_->run_slice(slice, moment_.now).more; });
    if (!has_work_ && driver_->congested())
      ++of_.congestion_;
  }

  bool is_source() const noexcept { return planned_.is_source(); }
  chain_index chain_number() const noexcept { return planned_.chain; }
  std::optional<known_time> time_known() { return task_->time_known(); }

private:
  template <class Action>
  void guarded(Action action) {
    try {
      action();
    } catch (...) {
      fail(caught_error());
    }
  }
  [[noreturn]] void fail(const error& cause) const {
    throw task_failure(chain_, planned_, cause, driver_ ? driver_->in_hand() : "");
  }

  void post(task_id to, fact told) { of_.mail_.emplace_back(to, std::move(told)); }

  void send_along(out_channel to, channel_item item) override {
    const channel_end& end = planned_.outputs[to];
    post(end.task, [channel = end.channel, item = std::move(item)](task_driver& driver) {
      driver.arrived(channel, item);
    });
  }
  void return_credit(in_channel from, batch_ref emptied) override {
    const channel_end& end = planned_.inputs[from].from;
    post(end.task, [channel = end.channel,
                    emptied = std::move(emptied)](task_driver& driver) mutable {
      driver.credit(channel, std::move(emptied));
    });
  }
  void upload(upload_request request) override {
    of_.snapshot_.add(of_.plan_, std::move(request));
  }
  void upload_in_flight(data_in_flight) override {
    WEIR_CHECK(!"barriers of a harness overtake nothing");
  }
  void request_rows(encoded_rows empty) override {
    const auto rows = std::make_shared<encoded_rows>(std::move(empty));
    if (!std::exchange(rows_given_, true))
      of_.snapshot_.read_rows(of_.plan_, planned_, *rows);
    post(planned_.id,
         [rows](task_driver& driver) { driver.restored_rows(std::move(*rows)); });
  }
  // All rows of a harness are in memory.
  void decline_rows() override { WEIR_CHECK(!"rows can be looked up"); }
  void look_up(encoded_rows, encoded_rows) override {
    WEIR_CHECK(!"rows can be looked up");
  }
  void finished() override { ++of_.finished_; }

  harness_attempt& of_;
  const planned_task& planned_;
  chain chain_;
  attempt_options options_;
  const harness_moment& moment_;
  harness_task* task_ = nullptr; // the driver's
  std::optional<task_driver> driver_;
  bool has_work_ = true;
  bool rows_given_ = false;
};

harness_attempt::harness_attempt(const job_graph& graph, const attempt_options& options,
                                 const harness_moment& moment, harness_snapshot& snapshot,
                                 const known_times& times)
    : graph_(graph), plan_(plan_execution(graph, options.parallelism, 0)),
      watch_(graph, plan_), snapshot_(snapshot) {
  for (const planned_task& planned : plan_.tasks)
    workers_.push_back(std::make_unique<worker>(
        *this, planned, graph.chains()[planned.chain], options, moment));
  for (const auto& each : workers_)
    each->start(times);
  settle();
}

harness_attempt::~harness_attempt() = default;

void harness_attempt::settle() {
  for (const auto& each : workers_)
    each->look();
  deliver();
  while (worker* next = foremost_with_work()) {
    next->work();
    deliver();
  }
}

void harness_attempt::deliver() {
  while (!mail_.empty()) {
    const auto [to, told] = std::move(mail_.front());
    mail_.pop_front();
    workers_[to.value]->take(told);
  }
}

harness_attempt::worker* harness_attempt::foremost_with_work() {
  const auto found =
      std::ranges::find_if(workers_, [](const auto& each) { return each->has_work(); });
  return found == workers_.end() ? nullptr : found->get();
}

void harness_attempt::checkpoint(checkpoint_id id) {
  for (const auto& each : workers_)
    if (each->is_source())
      each->take([id](task_driver& driver) { driver.inject({id}, {}); });
  settle();
  const std::size_t parts = snapshot_.take_parts();
  WEIR_CHECK(parts == workers_.size());
}

/// Together they have come as far as the one that is farthest behind.
known_times harness_attempt::times() {
  known_times times;
  for (const auto& each : workers_)
    if (const auto known = each->time_known()) {
      const auto [of_chain, first] = times.try_emplace(each->chain_number(), *known);
      if (first)
        continue;
      known_time& all = of_chain->second;
      all.told = std::min(all.told, known->told);
      all.owed = std::min(all.owed, known->owed);
      all.heard = std::max(all.heard, known->heard);
    }
  return times;
}

} // namespace weir::testing
