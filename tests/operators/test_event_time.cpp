#include "operators/io/collect.hpp"
#include "operators/io/collection.hpp"
#include "operators/job.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_event_time {

namespace {

using namespace std::chrono_literals;

constexpr side_output<std::int64_t, "late"> late;

std::int64_t itself(const std::int64_t& number) {
  return number;
}

event_time ms(std::int64_t milliseconds) {
  return event_time(std::chrono::milliseconds(milliseconds));
}

/// A source of numbers, each of which is its time in milliseconds, as a task.
struct timed_task {
  timed_task(std::vector<std::int64_t> numbers, watermark_strategy strategy) {
    define.source("numbers", collection(std::move(numbers)))
        .timestamps(itself, strategy)
        .on_time(late)
        .sink("out", collect(got));
    task_context context;
    context.counters = &counters;
    task = define.graph().chains()[0].make_task(context);
    task->start({});
  }
  void poll() {
    slice_budget budget(1, slice_budget::clock::time_point::max());
    task->poll(budget, now);
  }
  watermark reached() { return *task->own_watermark(now); }

  job define;
  task_counters counters;
  std::shared_ptr<collected<std::int64_t>> got =
      std::make_shared<collected<std::int64_t>>();
  std::unique_ptr<weir::task> task;
  steady_time now{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(event_times)

BOOST_AUTO_TEST_CASE(a_watermark_is_behind_the_latest_record) {
  timed_task run({500, 100, 400}, out_of_order(200ms));
  BOOST_TEST((run.reached() == watermark{}));
  run.poll();
  BOOST_TEST((run.reached() == watermark{ms(300) - 1us, false}));

  timed_task strict({100, 500}, monotonous());
  strict.poll();
  BOOST_TEST((strict.reached().time == ms(500) - 1us));
}

BOOST_AUTO_TEST_CASE(a_time_too_early_to_be_behind_has_no_watermark) {
  timed_task run({std::numeric_limits<std::int64_t>::min() / 1000}, out_of_order(1h));
  run.poll();
  BOOST_TEST((run.reached() == watermark{}));
}

BOOST_AUTO_TEST_CASE(what_is_behind_the_watermark_is_late) {
  std::vector<std::int64_t> numbers(block_records, 1000);
  for (const std::int64_t number : {700, 799, 800, 1200})
    numbers.push_back(number);
  timed_task run(numbers, out_of_order(200ms));
  run.poll(); // one block
  BOOST_TEST((run.reached().time == ms(800) - 1us));
  run.poll();
  const auto all = run.got->all();
  BOOST_TEST((std::vector<std::int64_t>(all.begin() + block_records, all.end()) ==
              std::vector<std::int64_t>{800, 1200}));
  BOOST_TEST(run.counters[task_count::late] == 2U);
}

BOOST_AUTO_TEST_CASE(a_task_is_idle_after_a_silence_and_until_the_next_record) {
  timed_task run({1000}, out_of_order(200ms).idle_after(5s));
  BOOST_TEST(!run.reached().idle);
  run.now += 5s;
  BOOST_TEST(run.reached().idle);
  run.poll();
  run.now += 1s;
  BOOST_TEST((run.reached() == watermark{ms(800) - 1us, false}));
  run.now += 5s;
  BOOST_TEST((run.reached() == watermark{ms(800) - 1us, true}));
}

BOOST_AUTO_TEST_CASE(a_task_that_begins_again_may_know_how_far_it_had_come) {
  timed_task run({800, 600, 1500}, out_of_order(200ms));
  run.task->resume_time(ms(700));
  BOOST_TEST((run.reached().time == ms(700)));
  run.poll();
  BOOST_TEST((run.got->all() == std::vector<std::int64_t>{800, 1500}));
  BOOST_TEST((run.reached().time == ms(1300) - 1us));
  run.task->resume_time(ms(700));
  BOOST_TEST((run.reached().time == ms(1300) - 1us));
}

BOOST_AUTO_TEST_CASE(times_come_in_every_unit) {
  BOOST_TEST((detail::to_event_time(std::int64_t{5}) == ms(5)));
  BOOST_TEST((detail::to_event_time(std::chrono::sys_seconds(7s)) == ms(7000)));
  const std::chrono::sys_time<std::chrono::nanoseconds> early(-1ns);
  BOOST_TEST((detail::to_event_time(early) == event_time(-1us)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_event_time
