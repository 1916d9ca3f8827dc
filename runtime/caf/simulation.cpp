#include "runtime/caf/simulation.hpp"

#include "operators/random.hpp"
#include "runtime/caf/coordinator_actor.hpp"
#include "runtime/checkpoint_retention.hpp"
#include "runtime/state_memory.hpp"
#include "runtime/unreplayable.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace weir {

namespace {

/// How many steps an actor is neglected for before the next one is chosen.
constexpr std::uint64_t neglect_steps = 64;

/// Every run begins then, in processing time.
constexpr std::chrono::hours simulated_beginning{24 * 365 * 50};

class simulation_observer final : public job_observer {
public:
  explicit simulation_observer(const simulation_options& options) : options_(options) {}

  void restored(checkpoint_id id, attempt_id) override {
    ++restores;
    if (options_.restored)
      options_.restored(id);
  }
  void restarting(const std::string& cause, attempt_id,
                  std::chrono::milliseconds) override {
    warned(cause);
  }
  void warned(const std::string& of) override {
    if (options_.warned)
      options_.warned(of);
  }
  void completed(const completed_checkpoint& checkpoint) override {
    if (options_.completed)
      options_.completed(checkpoint);
  }

  std::uint32_t restores = 0;

private:
  const simulation_options& options_;
};

class seeded_schedule {
public:
  seeded_schedule(job_setup setup, const simulation_options& options)
      : setup_(std::move(setup)), options_(options), random_(options.seed, 0),
        system_(config_), before_(checkpoints_before(setup_.directory)),
        scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())) {
    setup_.simulated = true;
    setup_.next_budget = [this] {
      return slice_budget(
          1 + static_cast<std::uint32_t>(random_.below(options_.slice_blocks_max)),
          slice_budget::clock::time_point::max());
    };
    if (options.failing_uploads_one_in > 0)
      setup_.spoil_upload = [this] {
        if (random_.below(options_.failing_uploads_one_in) == 0)
          throw std::runtime_error("the disk of the simulation is full");
      };
    coordinator_ = system_.spawn<coordinator_actor>(setup_, running_);
    draw_next_death();
  }

  simulation_report run() {
    while (!running_.result.done && !report_.problem) {
      if (scheduler_.jobs.empty())
        wait();
      else if (report_.steps == options_.steps_max)
        give_up("it has not ended");
      else
        step();
    }
    if (running_.result.failed)
      give_up(running_.result.failed->what());
    end_all();
    if (running_.result.done)
      retain_checkpoints(setup_, before_, running_.result);
    report_.job = std::move(running_.result.report);
    return std::move(report_);
  }

private:
  struct test_scheduler : caf::actor_system_config {
    test_scheduler() { set("scheduler.policy", caf::atom("testing")); }
  };

  void step() {
    ++report_.steps;
    if (const auto order = options_.orders.find(report_.steps);
        order != options_.orders.end())
      caf::anon_send(coordinator_, messages::order_savepoint{order->second});
    if (const auto order = options_.checkpoint_orders.find(report_.steps);
        order != options_.checkpoint_orders.end())
      caf::anon_send(coordinator_, messages::order_checkpoint{order->second});
    if (report_.steps == next_death_ && report_.deaths < options_.deaths_max)
      kill_someone();
    if (random_.below(8) == 0)
      scheduler_.advance_time(std::chrono::microseconds(random_.below(1500)));
    choose();
    const caf::actor_id id = front_id();
    fold(id);
    fold(static_cast<std::uint64_t>(now().count()));
    if (options_.trace)
      options_.trace(fmt::format("step {}, {} us: {}", report_.steps,
                                 now().count() / 1000, name_of(id)));
    scheduler_.try_run_once();
  }

  /// Any actor that can run may be next, but one in four is neglected for a while: its
  /// messages pile up and everyone else runs ahead of it.
  void choose() {
    if (report_.steps % neglect_steps == 1)
      neglected_ = random_.below(4);
    auto& jobs = scheduler_.jobs;
    for (int draw = 0; draw < 4; ++draw) {
      const auto chosen = static_cast<std::ptrdiff_t>(random_.below(jobs.size()));
      std::rotate(jobs.begin(), jobs.begin() + chosen, jobs.end());
      if (front_id() % 4 != neglected_)
        return;
    }
  }

  void wait() {
    if (!scheduler_.has_pending_timeout())
      give_up("nothing can run and no timeout is pending");
    else
      scheduler_.trigger_timeout();
  }

  void kill_someone() {
    draw_next_death();
    if (running_.members.empty())
      return;
    const auto& victim = running_.members[random_.below(running_.members.size())];
    ++report_.deaths;
    if (options_.trace)
      options_.trace("kill " + name_of(victim.id()));
    caf::anon_send_exit(victim, caf::exit_reason::kill);
  }

  void draw_next_death() {
    next_death_ = report_.steps + 1 + random_.below(options_.death_within_steps);
  }

  /// Nobody may be left when the actor system ends: it would wait for them.
  void end_all() {
    auto left = running_.members;
    left.push_back(std::exchange(coordinator_, nullptr));
    for (const auto& actor : left)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    left.clear();
    while (scheduler_.try_run_once())
      continue;
  }

  void give_up(const std::string& why) {
    report_.problem = fmt::format("simulation with seed {}, step {}: {}", options_.seed,
                                  report_.steps, why);
  }

  caf::actor_id front_id() { return scheduler_.next_job<caf::scheduled_actor>().id(); }

  std::chrono::nanoseconds now() { return scheduler_.clock().now().time_since_epoch(); }

  std::string name_of(caf::actor_id id) const {
    if (coordinator_.id() == id)
      return "coordinator";
    for (std::size_t i = 0; i < running_.members.size(); ++i) {
      if (running_.members[i].id() != id)
        continue;
      if (i + 1 == running_.members.size())
        return "uploader";
      if (i >= setup_.plan.tasks.size())
        return "a reader";
      const auto& task = setup_.plan.tasks[i];
      return fmt::format("'{}' {}", setup_.graph.chains()[task.chain].name, task.subtask);
    }
    return fmt::format("actor {}", id);
  }

  void fold(std::uint64_t value) {
    report_.trace_hash = (report_.trace_hash ^ value) * 0x100000001b3;
    report_.trace_hash ^= report_.trace_hash >> 29;
  }

  job_setup setup_;
  const simulation_options& options_;
  random_stream random_;
  running_job running_;
  simulation_report report_;
  test_scheduler config_;
  caf::actor_system system_;
  std::set<checkpoint_id> before_; // in the job's directory
  caf::scheduler::test_coordinator& scheduler_;
  caf::actor coordinator_;
  std::uint64_t next_death_ = 0;
  std::uint64_t neglected_ = 0;
};

} // namespace

simulation_report simulate(const job& job, const run_config& given,
                           const simulation_options& options) {
  const run_config config = with_settings(given, job.checkpoints().options());
  check_config(config);
  job.graph().check();
  refuse_lossy_checkpoints(job.graph(), config);
  refuse_unseen_output(job.graph(), config);
  std::optional<located_checkpoint> initial;
  if (options.restore_from)
    initial = locate_checkpoint(*options.restore_from, config.recovery_data_dir);
  const std::string job_id = fmt::format("{:032x}", options.seed);
  simulation_observer observer(options);
  const execution_plan plan =
      plan_execution(job.graph(), config.parallelism, config.max_parallelism,
                     initial ? &initial->metadata : nullptr);
  job_setup setup{job.graph(),
                  plan,
                  config,
                  chosen_backend(config, job.graph().state_backend(),
                                 keyed_subtasks(job.graph(), plan), /*machine_memory=*/0),
                  job_id,
                  "simulation",
                  nullptr,
                  std::move(initial),
                  observer,
                  {},
                  true,
                  nullptr,
                  false,
                  nullptr};
  checkpoint_directory directory(config.checkpoint_dir, job_id, setup.backend.data_root);
  setup.directory = &directory;
  setup.watch = std::make_shared<job_watch>(setup.graph, setup.plan);
  setup.clock_offset = simulated_beginning;
  setup.seed = options.seed;
  if (options.state_memory > 0)
    setup.backend.memory_max = options.state_memory;
  simulation_report report = seeded_schedule(std::move(setup), options).run();
  report.restores = observer.restores;
  report.job.job_id = job_id;
  return report;
}

} // namespace weir
