#include "runtime/checkpoint_failures.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace weir::test::test_checkpoint_failures {

namespace {

using reason = checkpoint_failure;
using verdict = weir::checkpoint_failures::verdict;

struct failure_row {
  reason why;
  bool counts;
};

const failure_row rows[] = {
    {reason::io, true},
    {reason::async, true},
    {reason::declined, true},
    {reason::expired, true},
    {reason::finalize, true},
    {reason::scheduler_shutdown, false},
    {reason::too_many_requests, false},
    {reason::min_pause, false},
    {reason::not_all_tasks_running, false},
    {reason::subsumed, false},
    {reason::coordinator_suspended, false},
    {reason::coordinator_shutdown, false},
    {reason::channel_state_shared, false},
    {reason::job_failover, false},
    {reason::declined_not_ready, false},
    {reason::declined_closing, false},
    {reason::declined_on_cancellation, false},
    {reason::declined_subsumed, false},
    {reason::declined_input_ended, false},
    {reason::task_failed, false},
    {reason::task_snapshot_failed, false},
    {reason::notification_failed, false},
    {reason::trigger_failed, false},
    {reason::blocking_output, false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_failures)

BOOST_AUTO_TEST_CASE(reason_by_reason) {
  for (const auto& [why, counted] : rows) {
    const int number = static_cast<int>(why);
    BOOST_TEST(counts(why) == counted, "reason " << number);
    weir::checkpoint_failures none(0), two(2);
    BOOST_TEST(
        (none.failed({1}, why) == (counted ? verdict::exceeded : verdict::ignored)),
        "reason " << number);
    BOOST_TEST(
        (two.failed({1}, why) == (counted ? verdict::tolerated : verdict::ignored)),
        "reason " << number);
  }
}

BOOST_AUTO_TEST_CASE(as_many_in_a_row_as_are_tolerable) {
  for (std::uint32_t tolerable = 0; tolerable < 4; ++tolerable) {
    weir::checkpoint_failures failures(tolerable);
    for (std::uint32_t i = 1; i <= tolerable; ++i) {
      BOOST_TEST((failures.failed({i}, reason::async) == verdict::tolerated));
      BOOST_TEST(failures.in_a_row() == i);
    }
    BOOST_TEST((failures.failed({9}, reason::async) == verdict::exceeded));
  }
}

BOOST_AUTO_TEST_CASE(any_number_may_be_tolerable) {
  weir::checkpoint_failures failures(std::numeric_limits<std::uint32_t>::max());
  for (std::uint64_t i = 1; i < 1000; ++i)
    BOOST_TEST((failures.failed({i}, reason::expired) == verdict::tolerated));
}

BOOST_AUTO_TEST_CASE(each_counts_once_however_often_it_is_declined) {
  weir::checkpoint_failures failures(1);
  BOOST_TEST((failures.failed({1}, reason::declined) == verdict::tolerated));
  BOOST_TEST((failures.failed({1}, reason::expired) == verdict::ignored));
  BOOST_TEST((failures.failed({2}, reason::subsumed) == verdict::ignored));
  BOOST_TEST((failures.failed({2}, reason::declined) == verdict::exceeded));
  BOOST_TEST((failures.failed({2}, reason::declined) == verdict::ignored));
}

BOOST_AUTO_TEST_CASE(a_success_begins_the_row_anew) {
  weir::checkpoint_failures failures(1);
  for (std::uint64_t id = 1; id < 20; id += 2) {
    BOOST_TEST((failures.failed({id}, reason::expired) == verdict::tolerated));
    failures.succeeded({id + 1});
    BOOST_TEST(failures.in_a_row() == 0U);
  }
}

BOOST_AUTO_TEST_CASE(one_that_is_older_than_a_success_does_not_count) {
  weir::checkpoint_failures failures(0);
  failures.succeeded({5});
  for (const std::uint64_t id : {3U, 4U, 5U})
    BOOST_TEST((failures.failed({id}, reason::async) == verdict::ignored));
  failures.succeeded({4}); // late, and changes nothing
  BOOST_TEST((failures.failed({5}, reason::async) == verdict::ignored));
  BOOST_TEST((failures.failed({6}, reason::async) == verdict::exceeded));
}

BOOST_AUTO_TEST_CASE(an_older_success_ends_a_row_of_newer_ones_too) {
  weir::checkpoint_failures failures(1);
  failures.failed({7}, reason::expired);
  failures.succeeded({6});
  BOOST_TEST((failures.failed({7}, reason::async) == verdict::ignored)); // counted before
  BOOST_TEST((failures.failed({8}, reason::async) == verdict::tolerated));
}

BOOST_AUTO_TEST_CASE(the_attempt_after_too_many_begins_a_row_of_its_own) {
  weir::checkpoint_failures failures(1);
  failures.failed({1}, reason::async);
  BOOST_TEST((failures.failed({2}, reason::async) == verdict::exceeded));
  BOOST_TEST((failures.failed({3}, reason::async) == verdict::tolerated));
  BOOST_TEST((failures.failed({4}, reason::async) == verdict::exceeded));
}

BOOST_AUTO_TEST_CASE(the_message_names_the_last_reason) {
  const std::string said = too_many_failures({7}, 2, "the disk is full");
  for (const char* part :
       {"checkpoint 7 failed: the disk is full", "tolerable-failed-checkpoints (2)"})
    BOOST_TEST(said.find(part) != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_checkpoint_failures
