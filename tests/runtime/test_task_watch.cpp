#include "runtime/job_watch.hpp"
#include "tests/runtime/sample_job.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_task_watch {

using namespace std::chrono_literals;

namespace {

constexpr steady_time zero{};

std::chrono::nanoseconds time_in(const task_times& times, task_state state,
                                 steady_time now) {
  return times.at(now)[static_cast<std::size_t>(state)];
}

/// A watch on a task that has counted `read` rows at the barrier of each checkpoint.
struct marked_watch : task_watch {
  void reach(checkpoint_id id, std::uint64_t read) {
    counters.reset({});
    counters.add(task_count::rows_read, read);
    at_barrier(id);
  }
  std::uint64_t read() const { return counters[task_count::rows_read]; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(task_watch)

BOOST_AUTO_TEST_CASE(a_task_spends_its_time_in_the_state_that_it_entered_last) {
  task_times times;
  times.enter(task_state::idle, zero + 5s);
  times.enter(task_state::busy, zero + 7s);
  times.enter(task_state::back_pressured, zero + 11s);
  times.enter(task_state::busy, zero + 12s);
  times.enter(task_state::stopped, zero + 15s);
  const auto later = zero + 100s;
  BOOST_TEST((time_in(times, task_state::idle, later) == 2s));
  BOOST_TEST((time_in(times, task_state::busy, later) == 7s));
  BOOST_TEST((time_in(times, task_state::back_pressured, later) == 1s));
}

BOOST_AUTO_TEST_CASE(a_stretch_that_goes_on_counts_up_to_now) {
  task_times times;
  times.enter(task_state::idle, zero);
  times.enter(task_state::busy, zero + 1s);
  times.enter(task_state::busy, zero + 2s); // the next slice
  BOOST_TEST((time_in(times, task_state::busy, zero + 4s) == 3s));
  BOOST_TEST((time_in(times, task_state::idle, zero + 4s) == 1s));
  // A clock that was read before the task wrote.
  BOOST_TEST((time_in(times, task_state::busy, zero) == 0s));
}

BOOST_AUTO_TEST_CASE(a_task_goes_back_to_what_it_had_counted_at_a_barrier) {
  marked_watch watch;
  watch.reach({4}, 10);
  watch.reach({5}, 20);
  watch.counters.add(task_count::rows_read, 3);
  watch.queues(8, 9);
  watch.go_back(checkpoint_id{5});
  BOOST_TEST(watch.read() == 20U);
  BOOST_TEST(watch.batches_queued() + watch.batches_waiting() == 0U);
  watch.go_back(checkpoint_id{4});
  BOOST_TEST(watch.read() == 10U);
  watch.go_back(checkpoint_id{5}); // which the way back to 4 has undone
  BOOST_TEST(watch.read() == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_checkpoint_of_its_own_a_run_begins_at_nothing) {
  marked_watch watch;
  watch.reach({5}, 20);
  watch.go_back(std::nullopt);
  BOOST_TEST(watch.read() == 0U);
  watch.reach({5}, 20);
  watch.go_back(checkpoint_id{3}); // what -s named
  BOOST_TEST(watch.read() == 0U);
}

BOOST_AUTO_TEST_CASE(event_time_is_that_of_the_task_that_is_farthest_behind) {
  job sample;
  define_sample(sample, 1);
  const auto plan = plan_execution(sample.graph(), 2, 128);
  job_watch watch(sample.graph(), plan);
  BOOST_TEST(!watch.figures(zero).watermark);
  const event_time at(5s);
  watch.task({0}).passed({at, false});
  watch.task({1}).passed({at + 1s, false});
  BOOST_TEST((watch.figures(zero).watermark == at));
  BOOST_TEST((watch.figures(zero).operators[0].watermark == at));
  BOOST_TEST(!watch.figures(zero).operators[1].watermark);
  watch.task({0}).passed({at, true}); // idle: it holds nobody back
  BOOST_TEST((watch.figures(zero).watermark == at + 1s));
  watch.go_back(std::nullopt);
  BOOST_TEST(!watch.figures(zero).watermark);
}

BOOST_AUTO_TEST_CASE(abandoned_checkpoints_do_not_push_out_the_newest_complete_one) {
  marked_watch watch;
  watch.reach({1}, 10);
  for (std::uint64_t id = 2; id < 9; ++id) {
    watch.reach({id}, 10 * id);
    watch.abandoned({id});
  }
  watch.reach({9}, 90);
  watch.go_back(checkpoint_id{1});
  BOOST_TEST(watch.read() == 10U);
}

BOOST_AUTO_TEST_CASE(a_job_is_the_sum_of_its_tasks_by_chain) {
  job sample;
  define_sample(sample, 10);
  const auto plan = plan_execution(sample.graph(), 2, 128);
  job_watch watch(sample.graph(), plan);
  using enum task_count;
  for (std::uint32_t i = 0; i < 6; ++i) { // tasks 0 and 1 are the sources
    weir::task_watch& task = watch.task({i});
    task.counters.add(i < 2 ? rows_read : records_in, 100 + i);
    task.counters.add(i < 4 ? records_out : rows_written, 10 * (i + 1));
    task.counters.add(bytes_in, 1000);
    task.counters.add(bytes_out, 500);
    task.counters.add(malformed, i);
    task.counters.add(late, 1);
    task.queues(i, 2 * i);
    task.times.enter(i == 3 ? task_state::back_pressured : task_state::busy, zero);
    task.times.enter(task_state::idle, zero + 2s);
  }
  const job_figures figures = watch.figures(zero + 5s);
  BOOST_TEST(figures.rows_read == 201U);
  BOOST_TEST(figures.rows_written == 110U);
  BOOST_TEST(figures.malformed == 15U);
  BOOST_TEST(figures.late == 6U);
  BOOST_TEST_REQUIRE(figures.operators.size() == 3U);

  const operator_figures& source = figures.operators[0];
  BOOST_TEST(source.name == "numbers");
  BOOST_TEST(source.parallelism == 2U);
  BOOST_TEST(source.records_in == 201U);
  BOOST_TEST(source.records_out == 30U);
  BOOST_TEST(source.bytes_in == 2000U);
  BOOST_TEST(source.bytes_out == 1000U);

  const operator_figures& counts = figures.operators[1];
  BOOST_TEST(counts.records_in == 205U);
  BOOST_TEST(counts.records_out == 70U);
  BOOST_TEST(counts.malformed == 5U);
  BOOST_TEST(counts.late == 2U);
  BOOST_TEST(counts.batches_queued == 5U);
  BOOST_TEST(counts.batches_waiting == 10U);
  BOOST_TEST((counts.busy == 2s));
  BOOST_TEST((counts.back_pressured == 2s));
  BOOST_TEST((counts.idle == 6s));
  BOOST_TEST(figures.operators[2].records_out == 110U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_task_watch
