// When a source that has to wait is woken.
#include "operators/weir.hpp"
#include "runtime/task_driver.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_driver_pace {

using namespace std::chrono_literals;

namespace {

/// A source at a pace of its own, or of the run's, as a task.
struct paced_fixture {
  auto numbers(std::uint64_t pace) {
    return sample.source("numbers",
                         generate(1'000'000, [](std::uint64_t i, random_stream&) {
                           return i;
                         }).records_per_second(pace));
  }
  void drive(std::uint64_t own_pace, std::uint64_t limit = 0) {
    numbers(own_pace).sink("out", discard());
    begin(limit);
  }
  /// With its sink in another task.
  void drive_into_exchange(std::uint64_t own_pace) {
    numbers(own_pace).rebalance().sink("out", discard());
    begin(0);
  }
  void begin(std::uint64_t limit) {
    plan = plan_execution(sample.graph(), 1, 128);
    task_settings settings{.buffer_timeout = 1h, .watermark_interval = 200ms};
    settings.source_rows_per_second = limit;
    driver.emplace(plan.tasks[0], sample.graph().chains()[0], plan, settings, watch,
                   port);
    driver->start({}, {});
  }
  /// Works until there is nothing to do, and returns when there will be.
  std::optional<steady_time> work() {
    task_driver::outcome done{true, {}};
    while (done.more)
      done = driver->run_slice({1, slice_budget::clock::time_point::max()}, now);
    return done.wake_at;
  }
  std::uint64_t read() const { return watch.counters[task_count::rows_read]; }

  steady_time now{1h};
  job sample;
  execution_plan plan;
  recording_port port;
  task_watch watch;
  std::optional<task_driver> driver;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(driver_pace, paced_fixture)

BOOST_AUTO_TEST_CASE(a_slow_source_is_woken_for_each_record) {
  drive(10);
  BOOST_TEST((work() == now + 100ms));
  now += 100ms;
  BOOST_TEST((work() == now + 100ms));
  BOOST_TEST(read() == 2U);
}

BOOST_AUTO_TEST_CASE(the_limit_of_the_run_holds_for_a_source_without_a_pace) {
  drive(0, 50);
  BOOST_TEST((work() == now + 20ms));
  BOOST_TEST(read() == 1U);
  now += 20ms;
  BOOST_TEST((work() == now + 20ms));
  BOOST_TEST(read() == 2U);
}

BOOST_AUTO_TEST_CASE(a_credit_makes_work_only_where_something_waits_for_it) {
  drive_into_exchange(10);
  work(); // the record went at once, nobody had anything to do
  BOOST_TEST(!driver->credit(0, {}));
  now += 100ms;
  work();
  now += 100ms;
  work(); // this one waits for those behind it, or for the credit of the one before
  BOOST_TEST(driver->credit(0, {}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_driver_pace
