// How event time passes through a task.
#include "operators/weir.hpp"
#include "runtime/task_driver.hpp"
#include "tests/support/batches.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_driver_time {

namespace {

using words = std::vector<std::string>;
using namespace std::chrono_literals;

using timed_batch = stream_batch<std::uint64_t, true>;

/// Numbers that are their own time, in microseconds, given and passed on.
struct timed_fixture {
  steady_time now{};

  void drive(chain_index which) {
    sample
        .source("numbers",
                generate(1'000'000, [](std::uint64_t i, random_stream&) { return i; }))
        .timestamps(
            [](std::uint64_t n) { return event_time(std::chrono::microseconds(n)); },
            monotonous().idle_after(10s))
        .rebalance()
        .map([](std::uint64_t n) { return n; })
        .rebalance()
        .sink("out", discard());
    plan = plan_execution(sample.graph(), 2, 128);
    driver.emplace(plan.tasks[which * 2], sample.graph().chains()[which], plan,
                   task_settings{.buffer_timeout = 1h, .watermark_interval = 200ms},
                   watch, port);
    driver->start({}, {});
  }
  void batch(in_channel from, std::uint64_t number) {
    batch_writer<timed_batch> writer;
    writer.open({});
    writer.push(number, event_time(std::chrono::microseconds(number)), 0);
    driver->arrived(from, writer.close());
  }
  void reached(in_channel from, std::int64_t time) {
    driver->arrived(from, watermark{event_time(std::chrono::microseconds(time))});
  }
  task_driver::outcome slice(std::uint32_t blocks = 1000) {
    return driver->run_slice({blocks, slice_budget::clock::time_point::max()}, now);
  }
  void asked(const words& expected) {
    BOOST_TEST(port.take() == expected, boost::test_tools::per_element());
  }

  job sample;
  execution_plan plan;
  recording_port port;
  task_watch watch;
  std::optional<task_driver> driver;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(driver_time, timed_fixture)

BOOST_AUTO_TEST_CASE(a_watermark_leaves_behind_the_records_before_it) {
  drive(1);
  batch(0, 5);
  reached(0, 5);
  reached(1, 7);
  slice();
  asked({"credit 0", "batch 0", "watermark 5 to 0", "watermark 5 to 1"});
}

BOOST_AUTO_TEST_CASE(watermarks_that_follow_soon_wait_and_become_one) {
  drive(1);
  reached(0, 5);
  reached(1, 5);
  slice();
  port.take();
  now += 1ms;
  reached(0, 6);
  reached(1, 6);
  BOOST_TEST((slice().wake_at == steady_time(200ms)));
  reached(0, 9);
  reached(1, 8);
  slice();
  asked({});
  now = steady_time(200ms);
  slice();
  asked({"watermark 8 to 0", "watermark 8 to 1"});
}

BOOST_AUTO_TEST_CASE(a_source_says_how_far_it_has_come_every_interval) {
  drive(0);
  slice(1);
  asked({"batch 0", "batch 1", "watermark 254 to 0", "watermark 254 to 1"});
  slice(1);
  asked({});
  now += 200ms;
  slice(1);
  asked({"batch 0", "batch 1", "watermark 766 to 0", "watermark 766 to 1"});
}

BOOST_AUTO_TEST_CASE(a_source_that_may_not_send_is_not_idle) {
  drive(0);
  for (int i = 0; i < 40; ++i)
    slice(); // until every channel is full
  port.take();
  now += 60s;
  BOOST_TEST(!slice().more);
  asked({});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_driver_time
