// Deadlines in processing time: when a task wakes for them, and what goes before what.
#include "operators/weir.hpp"
#include "runtime/task_driver.hpp"
#include "tests/support/batches.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_driver_deadlines {

namespace {

using words = std::vector<std::string>;
using listed = std::vector<std::uint64_t>;
using namespace std::chrono_literals;

constexpr std::uint64_t let_pass = 1'000'000'000'000'000;

/// Numbers come out so many milliseconds later, large ones at once.
class later {
public:
  using output = std::uint64_t;

  explicit later(state_binder& state) : due_(state.processing_timer("due")) {}

  void process(std::uint64_t number, auto& out) {
    if (number >= let_pass)
      out.emit(number);
    else
      due_.set(out.processing_time() +
               std::chrono::milliseconds(static_cast<std::int64_t>(number)));
  }
  void on_timer(const fired_timer& due, auto& out) {
    BOOST_REQUIRE((due.processing_deadline() <= out.processing_time()));
    out.emit(out.key());
  }

private:
  processing_timer due_;
};

/// A task with such a function, driven by hand.
struct deadline_fixture {
  steady_time now{};
  task_settings settings{.buffer_timeout = 1h, .watermark_interval = 200ms};

  deadline_fixture() {
    sample
        .source("numbers", generate(1, [](std::uint64_t i, random_stream&) { return i; }))
        .key_by([](std::uint64_t n) { return n; })
        .process<later>("later")
        .rebalance()
        .map([](std::uint64_t n) { return n; })
        .sink("out", discard());
    drive(false);
  }

  void drive(bool restored) {
    plan = plan_execution(sample.graph(), 1, 128);
    driver.emplace(plan.tasks[1], sample.graph().chains()[1], plan, settings, watch,
                   port);
    driver->start({}, {.restored = restored});
  }
  void arrive(const listed& numbers) { driver->arrived(0, batch_of(numbers)); }
  task_driver::outcome slice(std::uint32_t blocks = 1000) {
    return driver->run_slice({blocks, slice_budget::clock::time_point::max()}, now);
  }
  /// What came out since the last call, whose readers have read it.
  listed taken() {
    listed all;
    for (auto& parcel : std::exchange(port.sent, {})) {
      for (const std::uint64_t each : values_of(parcel.data))
        all.push_back(each);
      driver->credit(parcel.to, std::move(parcel.data));
    }
    return all;
  }

  job sample;
  execution_plan plan;
  recording_port port;
  task_watch watch;
  std::optional<task_driver> driver;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(driver_deadlines, deadline_fixture)

BOOST_AUTO_TEST_CASE(a_task_wakes_when_the_first_deadline_comes) {
  arrive({7, 5});
  auto outcome = slice();
  BOOST_TEST(!outcome.more);
  BOOST_TEST((outcome.wake_at == steady_time(5ms)));
  now += 5ms - 1us;
  BOOST_TEST((slice().wake_at == steady_time(5ms)));
  BOOST_TEST(taken().empty());
  now += 1us;
  BOOST_TEST((slice().wake_at == steady_time(7ms)));
  BOOST_TEST(taken() == listed{5}, boost::test_tools::per_element());
  now += 2ms;
  BOOST_TEST(!slice().wake_at);
  BOOST_TEST(taken() == listed{7}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(processing_time_is_ahead_of_the_clock_as_far_as_it_was) {
  settings.clock_offset = 1'000h;
  drive(false);
  now = steady_time(3s + 500ns); // which is no whole microsecond
  arrive({5});
  BOOST_TEST((slice().wake_at == steady_time(3'005ms)));
  now = steady_time(3'005ms);
  slice();
  BOOST_TEST(taken() == listed{5}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(deadlines_that_have_come_go_before_further_input) {
  arrive({9, 3, 6});
  slice();
  now += 20ms;
  arrive({let_pass});
  slice();
  BOOST_TEST(taken() == (listed{3, 6, 9, let_pass}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_that_come_together_are_told_a_slice_at_a_time) {
  listed together(3 * block_records);
  for (std::uint64_t i = 0; i < together.size(); ++i)
    together[i] = i;
  arrive(together);
  slice();
  now += 1h;
  arrive({let_pass});
  BOOST_TEST(slice(1).more);
  listed told = taken();
  BOOST_TEST(told.size() <= block_records);
  for (int slices = 0; slices < 10 && slice(1).more; ++slices)
    for (const std::uint64_t each : taken())
      told.push_back(each);
  for (const std::uint64_t each : taken())
    told.push_back(each);
  together.push_back(let_pass);
  BOOST_TEST(told == together, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_task_that_may_not_send_wakes_for_no_deadline) {
  settings.credits = 1;
  settings.buffer_timeout = 0ms;
  drive(false);
  arrive({5, 9, let_pass});
  slice();
  now += 5ms;
  slice(); // a second batch, which has to wait
  BOOST_REQUIRE(driver->congested());
  now += 100ms;
  const auto outcome = slice();
  BOOST_TEST(!outcome.more);
  BOOST_TEST(!outcome.wake_at);
  BOOST_TEST(taken() == listed{let_pass}, boost::test_tools::per_element());
  slice();
  BOOST_TEST(taken() == listed{5}, boost::test_tools::per_element());
  slice();
  BOOST_TEST(taken() == listed{9}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_end_of_the_input_waits_for_no_deadline) {
  arrive({5, 60'000});
  slice();
  now += 5ms;
  driver->arrived(0, end_of_channel());
  const auto outcome = slice();
  BOOST_TEST(!outcome.more);
  BOOST_TEST(!outcome.wake_at);
  BOOST_TEST(taken() == listed{5}, boost::test_tools::per_element());
  BOOST_TEST(std::ranges::count(port.log, "end 0") == 1);
}

BOOST_AUTO_TEST_CASE(a_deadline_far_away_is_looked_at_every_day) {
  arrive({let_pass - 1});
  BOOST_TEST((slice().wake_at == steady_time(24h)));
  now += 24h;
  BOOST_TEST((slice().wake_at == steady_time(48h)));
  BOOST_TEST(taken().empty());
}

BOOST_AUTO_TEST_CASE(what_came_while_the_job_was_down_is_told_at_once) {
  arrive({5, 20'000});
  slice();
  driver->arrived(0, barrier{{1}});
  while (slice().more) {
  }
  BOOST_REQUIRE(port.uploads.size() == 1U);
  const auto run = std::move(port.uploads.front().run);
  settings.clock_offset = 10s; // so late the job begins again
  drive(true);
  encoded_rows stored(std::nullopt);
  for (const encoded_rows& part : run->parts())
    for (std::size_t row = 0; row < part.rows(); ++row) {
      const auto key = part.key(row);
      const auto value = part.value(row);
      std::byte* const out = stored.append({key.size(), value.size()});
      std::memcpy(out, key.data(), key.size());
      std::memcpy(out + key.size(), value.data(), value.size());
    }
  driver->restored_rows(std::move(stored));
  BOOST_TEST(!slice().wake_at);
  driver->restored_rows(encoded_rows(std::nullopt));
  BOOST_TEST((slice().wake_at == steady_time(10s)));
  BOOST_TEST(taken() == listed{5}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_driver_deadlines
