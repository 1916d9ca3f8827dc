// A task and a barrier that overtakes: when it takes its checkpoint, and what follows.
#include "runtime/task_driver.hpp"
#include "tests/runtime/sample_job.hpp"
#include "tests/support/batches.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::test::test_driver_overtaking {

namespace {

using numbers_of = std::vector<std::uint64_t>;

constexpr steady_time at_once = steady_time::min();

/// The counting task of the sample job at parallelism 2, driven by hand.
struct task_fixture {
  task_fixture() {
    define_sample(sample, 10'000);
    plan = plan_execution(sample.graph(), 2, 128);
    driver.emplace(plan.tasks[2], sample.graph().chains()[1], plan,
                   task_settings{std::chrono::hours(1), std::chrono::hours(1)}, watch,
                   port);
    driver->start({}, {});
  }
  void arrive(in_channel from, std::uint64_t first, std::size_t count = 1) {
    driver->arrived(from, batch_from(first, count));
  }
  void barrier_at(in_channel from, std::uint64_t id, steady_time overtakes_at = at_once) {
    driver->arrived(from, barrier{{id}, overtakes_at});
  }
  task_driver::outcome slice(std::uint32_t blocks = 1000) {
    return driver->run_slice({blocks, slice_budget::clock::time_point::max()}, now);
  }
  /// Until there is a checkpoint's state.
  void run() {
    while (slice().more)
      continue;
  }
  /// Nobody takes what the task emits.
  void congest() {
    for (std::uint64_t i = 0; !driver->congested(); ++i) {
      arrive(0, i * 1024, 1024);
      slice();
    }
  }
  std::size_t count_of(const std::string& word) const {
    return static_cast<std::size_t>(std::ranges::count(port.log, word));
  }

  job sample;
  execution_plan plan;
  recording_port port;
  task_watch watch;
  steady_time now{std::chrono::seconds(100)};
  std::optional<task_driver> driver;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(driver_overtaking, task_fixture)

BOOST_AUTO_TEST_CASE(a_congested_task_takes_its_checkpoint_at_once) {
  congest();
  arrive(1, 50'000, 10);
  barrier_at(0, 7);
  barrier_at(1, 7);
  port.take();
  run();
  BOOST_TEST(count_of("barrier 7 to 0") == 1U);
  BOOST_TEST(count_of("barrier 7 to 1") == 1U);
  BOOST_REQUIRE(port.uploads.size() == 1U);
  BOOST_TEST(port.uploads[0].in_flight_follows);
  BOOST_REQUIRE(port.in_flight.size() == 1U);
  const data_in_flight& overtaken = port.in_flight[0];
  BOOST_TEST(!overtaken.output.empty());
  BOOST_TEST(firsts(overtaken.input) == numbers_of{50'000});
}

BOOST_AUTO_TEST_CASE(data_in_flight_follows_when_the_last_barrier_has_come) {
  arrive(0, 1, 10);
  barrier_at(0, 7);
  run();
  BOOST_REQUIRE(port.uploads.size() == 1U);
  BOOST_TEST(port.in_flight.empty());
  arrive(1, 100, 3);
  run();
  barrier_at(1, 7);
  run();
  BOOST_REQUIRE(port.in_flight.size() == 1U);
  // The first batch had not been taken out of the gate yet either.
  BOOST_TEST(firsts(port.in_flight[0].input) == (numbers_of{1, 100}));
  BOOST_TEST(count_of("credit 0") == 1U);
  BOOST_TEST(count_of("credit 1") == 1U);
}

BOOST_AUTO_TEST_CASE(an_aligned_checkpoint_turns_unaligned_when_its_time_has_come) {
  const steady_time due = now + std::chrono::seconds(5);
  barrier_at(0, 7, due);
  BOOST_TEST((slice().wake_at == due));
  BOOST_TEST(count_of("barrier 7 to 0") == 0U);
  now = due;
  slice();
  BOOST_TEST(count_of("barrier 7 to 0") == 1U);
}

BOOST_AUTO_TEST_CASE(an_aligned_barrier_that_waits_in_the_outbox_overtakes_in_time) {
  congest();
  const steady_time due = now + std::chrono::seconds(5);
  barrier_at(0, 7, due);
  barrier_at(1, 7, due);
  port.take();
  slice();
  BOOST_TEST(count_of("barrier 7 to 0") + count_of("barrier 7 to 1") == 0U);
  now = due;
  run();
  BOOST_TEST(count_of("barrier 7 to 0") == 1U);
  BOOST_REQUIRE(port.in_flight.size() == 1U);
  BOOST_TEST(!port.in_flight[0].output.empty());
}

BOOST_AUTO_TEST_CASE(a_checkpoint_in_which_nothing_was_in_flight_is_as_any_other) {
  barrier_at(0, 7, now + std::chrono::seconds(5));
  barrier_at(1, 7, now + std::chrono::seconds(5));
  run();
  BOOST_REQUIRE(port.uploads.size() == 1U);
  BOOST_TEST(!port.uploads[0].in_flight_follows);
  BOOST_TEST(port.in_flight.empty());
}

BOOST_AUTO_TEST_CASE(nothing_follows_a_checkpoint_that_was_given_up) {
  barrier_at(0, 7);
  run();
  driver->abandon({7});
  barrier_at(1, 7);
  run();
  BOOST_TEST(port.in_flight.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_driver_overtaking
