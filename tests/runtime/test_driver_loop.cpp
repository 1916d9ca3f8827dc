// A task at the head of a loop, which is at its tail too.
#include "operators/weir.hpp"
#include "runtime/task_driver.hpp"
#include "serialization/error.hpp"
#include "tests/support/batches.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_driver_loop {

namespace {

constexpr side_output<std::uint64_t, "done"> done;

struct loop_fixture {
  using words = std::vector<std::string>;

  loop_fixture() {
    looped
        .source("numbers", generate(2, [](std::uint64_t i, random_stream&) { return i; }))
        .iterate("countdown",
                 [](auto all) {
                   const auto stepped = all.template flat_map<std::uint64_t>(
                       [](std::uint64_t n, auto& out) {
                         if (n == 0)
                           out.emit(done, n);
                         else
                           out.emit(n - 1);
                       },
                       done);
                   return feedback(stepped, stepped.side(done));
                 })
        .sink("out", discard());
    plan = plan_execution(looped.graph(), 1, 128);
    driver.emplace(plan.tasks[1], looped.graph().chains()[1], plan,
                   task_settings{.buffer_timeout = {},
                                 .watermark_interval = {},
                                 .iteration_bytes_max = 100},
                   watch, port);
    driver->start({}, {});
  }
  void run() {
    while (driver->run_slice({1000, slice_budget::clock::time_point::max()}, {}).more) {
    }
  }
  /// What was sent to itself arrives, and its credit comes home.
  void go_round() {
    for (auto& [to, data] : std::exchange(port.sent, {}))
      if (to == back)
        driver->arrived(feedback_channel, std::move(data));
      else
        driver->credit(to, std::move(data));
    run();
  }
  void asked(const words& expected) {
    BOOST_TEST(port.take() == expected, boost::test_tools::per_element());
  }

  static constexpr out_channel back = 1, on = 0;
  static constexpr in_channel feedback_channel = 1;

  job looped;
  execution_plan plan;
  recording_port port;
  task_watch watch;
  std::optional<task_driver> driver;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(driver_loop, loop_fixture)

BOOST_AUTO_TEST_CASE(records_go_round_until_the_body_lets_them_go) {
  driver->arrived(0, batch_of({1}));
  run();
  asked({"credit 0", "batch 1"});
  BOOST_TEST((values_of(port.sent[0].data) == std::vector<std::uint64_t>{0}));
  go_round();
  asked({"credit 1", "batch 0"});
}

BOOST_AUTO_TEST_CASE(what_came_back_is_seen_in_the_queue) {
  for (int i = 0; i < 3; ++i)
    driver->arrived(feedback_channel, batch_of({0}));
  driver->run_slice({1, slice_budget::clock::time_point::max()}, {});
  BOOST_TEST(watch.batches_queued() == 2U);
}

BOOST_AUTO_TEST_CASE(a_barrier_is_sent_on_and_not_back) {
  driver->arrived(0, barrier{{7}});
  run();
  asked({"barrier 7 to 0", "upload"});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_begins_at_the_head_once_its_input_has_ended) {
  driver->inject({{7}}, {});
  run();
  asked({}); // the barrier is to come along the channel
  driver->arrived(0, barrier{{7}});
  run();
  asked({"barrier 7 to 0", "upload"});
  driver->inject({{8}}, {});
  driver->arrived(0, end_of_channel());
  run();
  asked({"probe 1 busy to 1", "barrier 8 to 0", "upload"});
  driver->inject({{9}}, {});
  asked({"barrier 9 to 0", "upload"});
}

BOOST_AUTO_TEST_CASE(probes_go_back_behind_what_was_processed) {
  driver->arrived(0, batch_of({1}));
  driver->arrived(0, end_of_channel());
  run();
  asked({"credit 0", "batch 1", "probe 1 busy to 1"});
  go_round();
  driver->arrived(feedback_channel, loop_probe{1, true});
  run();
  asked({"credit 1", "batch 0", "probe 2 busy to 1"});
  driver->arrived(feedback_channel, loop_probe{2, true});
  run();
  asked({"probe 3 to 1"});
  driver->arrived(feedback_channel, loop_probe{3, false});
  run();
  asked({"end 0", "finished"});
}

BOOST_AUTO_TEST_CASE(more_than_may_wait_is_refused) {
  driver->arrived(feedback_channel, batch_from(0, 12)); // 96 bytes
  BOOST_CHECK_EXCEPTION(
      driver->arrived(feedback_channel, batch_from(0, 1)), error, [](const error& e) {
        return e.kind() == failure::job_failed &&
               e.what() ==
                   std::string("104 bytes of records wait to go round iteration "
                               "'countdown' again, more than "
                               "pipeline.iteration.max-bytes (100); make fewer records "
                               "in a round, or raise it");
      });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_driver_loop
