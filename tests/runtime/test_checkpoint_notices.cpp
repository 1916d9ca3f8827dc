// A task hears what has become of a checkpoint, in whatever state it is.
#include "runtime/task_driver.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_checkpoint_notices {

namespace {

using notices = std::vector<std::pair<std::string, std::uint64_t>>;

/// A source that has ended, and notes what it is told.
class listening_task final : public task {
public:
  explicit listening_task(notices& heard) : heard_(heard) {}

  void start(const task_start&) override {}
  poll_result poll(slice_budget&, steady_time) override {
    return {poll_result::next::ended, {}};
  }
  void close_batches() override {}
  std::vector<operator_snapshot> snapshot(checkpoint_id) override { return {}; }
  void finish() override {}
  void checkpoint_completed(checkpoint_id id) override {
    heard_.emplace_back("completed", id.value);
  }
  void checkpoint_aborted(checkpoint_id id) override {
    heard_.emplace_back("aborted", id.value);
  }

private:
  notices& heard_;
};

} // namespace

BOOST_AUTO_TEST_CASE(
    a_task_is_told_of_checkpoints_while_it_runs_and_when_it_has_finished) {
  notices heard;
  chain alone;
  alone.name = "alone";
  alone.make_task = [&heard](const task_context&) {
    return std::make_unique<listening_task>(heard);
  };
  job_graph graph;
  graph.add(std::move(alone));
  const execution_plan plan = plan_execution(graph, 1, 128);
  task_watch watch;
  recording_port port;
  task_driver driver(
      plan.tasks[0], graph.chains()[0], plan,
      task_settings{std::chrono::milliseconds(2), std::chrono::milliseconds(200)}, watch,
      port);
  driver.start({}, {});
  driver.abandon({2}); // before its barrier
  driver.completed({3});
  driver.run_slice({1, slice_budget::clock::time_point::max()}, {});
  driver.completed({4});
  driver.abandon({5});
  const notices expected{
      {"aborted", 2}, {"completed", 3}, {"completed", 4}, {"aborted", 5}};
  BOOST_TEST((heard == expected));
}

} // namespace weir::test::test_checkpoint_notices
