#include "runtime/caf/task_actor.hpp"

#include "runtime/task_failure.hpp"
#include "serialization/crash_point.hpp"
#include "state/memory_shares.hpp"

namespace weir {

namespace {

/// A source whose records are due one after the other gets some at a time: to be woken
/// for each costs more than to process it.
constexpr std::chrono::microseconds wake_resolution{50};

table_room room_of(const backend_settings& settings) {
  const memory_shares shares = shares_of(settings.memory_max);
  return {.table = shares.table, .runs = shares.runs};
}

} // namespace

task_actor::task_actor(caf::actor_config& config, const job_setup& setup,
                       attempt_id attempt, task_id id, caf::actor coordinator)
    : job_actor(config), setup_(setup), attempt_(attempt), planned_(setup.plan.task(id)),
      watch_(setup.watch->task(id)), coordinator_(std::move(coordinator)) {
  if (setup.measure_pauses && !planned_.is_source())
    meter_.emplace();
}

caf::behavior task_actor::make_behavior() {
  const actor_turn turn(*this);
  guarded([this] {
    task_port& port = *this;
    driver_ = std::make_unique<task_driver>(
        planned_, setup_.graph.chains()[planned_.chain], setup_.plan,
        task_settings{.buffer_timeout = setup_.config.buffer_timeout,
                      .watermark_interval = setup_.config.watermark_interval,
                      .source_rows_per_second = setup_.config.source_rows_per_second,
                      .pages = setup_.pages,
                      .iteration_bytes_max = setup_.config.iteration_bytes_max,
                      .barriers = setup_.config.exactly_once ? alignment::holding
                                                             : alignment::counting,
                      .clock_offset = setup_.clock_offset},
        watch_, port);
  });
  return {
      [this](messages::along_channel& m) {
        on(m, [&] { driver_->arrived(m.channel, std::move(m.item)); });
      },
      [this](messages::credit& m) {
        on(m, [&] { return driver_->credit(m.channel, std::move(m.emptied)); });
      },
      [this](messages::inject& m) {
        on(m, [&] { driver_->inject(m.begun, clock().now()); });
      },
      [this](messages::abandon& m) { on(m, [&] { driver_->abandon(m.id); }); },
      [this](messages::drain& m) { on(m, [&] { driver_->drain(); }); },
      [this](messages::complete& m) {
        on(m, [&] {
          driver_->completed(m.id);
          crash_point("task.completed");
        });
      },
      [this](messages::rows& m) {
        on(m, [&] { driver_->restored_rows(std::move(*m.restored)); });
      },
      [this](messages::found& m) { on(m, [&] { driver_->looked_up(*m.rows); }); },
      [this](messages::ingested& m) { on(m, [&] { driver_->ingested(m.sealed); }); },
      [this](messages::start& m) { on(m, [&] { start(m); }); },
      [this](messages::go& m) {
        on(m, [&] {
          working_ = true;
          watch_.times.enter(task_state::idle, clock().now());
        });
      },
      [this](messages::work) { guarded([this] { work(); }); },
      [this](messages::wake) {
        guarded([this] {
          woken_at_.reset();
          schedule_work();
        });
      },
  };
}

void task_actor::on_exit() {
  const actor_turn turn(*this);
  watch_.times.enter(task_state::stopped, clock().now());
  // Tasks know each other: let go, or none of them would ever be destroyed.
  driver_.reset();
  peers_.clear();
  uploader_ = nullptr;
  reader_ = nullptr;
  coordinator_ = nullptr;
}

void task_actor::start(messages::start& from) {
  peers_ = std::move(from.peers);
  uploader_ = std::move(from.uploader);
  reader_ = std::move(from.reader);
  driver_->start(from.from,
                 {.restored = from.keyed_restored,
                  .readable = reader_ != nullptr,
                  .room = room_of(setup_.backend)},
                 std::move(from.in_flight));
  crash_point("restore.task-started");
  send(coordinator_, messages::started{attempt_});
}

void task_actor::work() {
  work_scheduled_ = false;
  if (meter_)
    meter_->slice_begins();
  const auto now = clock().now();
  watch_.times.enter(task_state::busy, now);
  const auto outcome = driver_->run_slice(setup_.next_budget(), now);
  if (meter_)
    meter_->slice_ends(outcome.more);
  if (!outcome.more)
    watch_.times.enter(driver_->congested() ? task_state::back_pressured
                                            : task_state::idle,
                       clock().now());
  if (outcome.more) {
    schedule_work();
  } else if (outcome.wake_at) {
    wake_at(std::max(*outcome.wake_at, now + wake_resolution));
  }
}

void task_actor::wake_at(steady_time then) {
  if (woken_at_ && *woken_at_ <= then)
    return;
  woken_at_ = then;
  scheduled_send(this, then, messages::wake{});
}

void task_actor::schedule_work() {
  if (!working_ || work_scheduled_)
    return;
  work_scheduled_ = true;
  send(this, messages::work{});
}

template <class Message, class Fact>
void task_actor::on(Message& message, Fact fact) {
  const actor_turn turn(*this);
  if (message.attempt != attempt_)
    return;
  guarded([&] {
    if constexpr (std::is_void_v<std::invoke_result_t<Fact>>)
      fact();
    else if (!fact())
      return;
    schedule_work();
  });
}

template <class Action>
void task_actor::guarded(Action action) {
  const actor_turn turn(*this);
  try {
    action();
  } catch (...) {
    fail(caught_error());
  }
}

void task_actor::fail(const error& cause) {
  send(coordinator_,
       messages::failed{attempt_,
                        task_failure(setup_.graph.chains()[planned_.chain], planned_,
                                     cause, driver_ ? driver_->in_hand() : "")});
  quit(caf::exit_reason::unhandled_exception);
}

void task_actor::send_along(out_channel to, channel_item item) {
  const channel_end& end = planned_.outputs[to];
  send(peers_[end.task.value],
       messages::along_channel{attempt_, end.channel, std::move(item)});
}

void task_actor::return_credit(in_channel from, batch_ref emptied) {
  const channel_end& end = planned_.inputs[from].from;
  send(peers_[end.task.value],
       messages::credit{attempt_, end.channel, std::move(emptied)});
}

void task_actor::upload(upload_request request) {
  send(uploader_,
       messages::upload{attempt_, std::make_shared<upload_request>(std::move(request))});
}

void task_actor::upload_in_flight(data_in_flight overtaken) {
  send(uploader_,
       messages::upload_in_flight{
           attempt_, std::make_shared<const data_in_flight>(std::move(overtaken))});
}

void task_actor::request_rows(encoded_rows empty) {
  send(uploader_, messages::want_rows{attempt_, planned_.id,
                                      std::make_shared<encoded_rows>(std::move(empty))});
}

void task_actor::decline_rows() {
  send(uploader_, messages::want_rows{attempt_, planned_.id, nullptr});
}

void task_actor::look_up(encoded_rows missing, encoded_rows found) {
  send(reader_, messages::look_up{
                    attempt_, std::make_shared<const encoded_rows>(std::move(missing)),
                    std::make_shared<encoded_rows>(std::move(found))});
}

void task_actor::finished() {
  std::shared_ptr<const task_pauses> pauses;
  if (meter_)
    pauses = std::make_shared<const task_pauses>(meter_->pauses());
  send(coordinator_, messages::finished{attempt_, planned_.id, std::move(pauses)});
}

void task_actor::barrier_pause_begins(checkpoint_id of) {
  watch_.stands_since(of, clock().now());
  if (meter_)
    meter_->barrier_begins();
}

void task_actor::barrier_pause_ends() {
  watch_.stands_no_more();
  if (meter_)
    meter_->barrier_ends();
}

} // namespace weir
