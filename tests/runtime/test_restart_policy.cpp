#include "runtime/restart_policy.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;

namespace weir::test::test_restart_policy {

namespace {

using milliseconds = std::chrono::milliseconds;

struct policy_at_work {
  explicit policy_at_work(restart_strategy strategy, std::uint64_t seed = 1)
      : policy(std::move(strategy), random_stream(seed, 0)) {}

  /// Fails so long after the last pause has ended.
  restart_policy::pause failed_after(milliseconds held) {
    now += held;
    const auto pause = policy.failed(now);
    now += pause.value_or(0ms);
    return pause;
  }

  restart_policy policy;
  restart_policy::time now{};
};

exponential_delay exact() {
  exponential_delay strategy;
  strategy.jitter = 0;
  return strategy;
}

} // namespace

BOOST_AUTO_TEST_SUITE(restart_policy)

BOOST_AUTO_TEST_CASE(without_restarts_the_first_failure_is_final) {
  policy_at_work none((no_restarts()));
  policy_at_work no_attempts(fixed_delay{0, 10ms});
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(!none.failed_after(1h).has_value());
    BOOST_TEST(!no_attempts.failed_after(1h).has_value());
  }
}

BOOST_AUTO_TEST_CASE(each_attempt_has_the_same_delay_and_then_the_job_fails) {
  policy_at_work at(fixed_delay{3, 250ms});
  for (int attempt = 0; attempt < 3; ++attempt)
    BOOST_TEST((at.failed_after(1h) == 250ms));
  BOOST_TEST(!at.failed_after(1h).has_value());
  BOOST_TEST(!at.failed_after(1h).has_value());
}

BOOST_AUTO_TEST_CASE(failures_count_within_a_window_that_slides) {
  policy_at_work at(failure_rate{2, 10s, 0ms});
  BOOST_TEST((at.failed_after(0s) == 0ms));
  BOOST_TEST((at.failed_after(6s) == 0ms));
  // The first one is out of the window by then, and the second is not.
  BOOST_TEST((at.failed_after(6s) == 0ms));
  BOOST_TEST((at.failed_after(5s) == 0ms));
  BOOST_TEST(!at.failed_after(4s).has_value());
}

BOOST_AUTO_TEST_CASE(failures_far_apart_go_on_for_ever) {
  policy_at_work at(failure_rate{1, 10s, 1s});
  for (int i = 0; i < 1000; ++i)
    BOOST_TEST((at.failed_after(9s + 1ms) == 1s)); // with the pause, past the interval
  BOOST_TEST(!at.failed_after(8s).has_value());
}

BOOST_AUTO_TEST_CASE(pauses_grow_up_to_the_longest) {
  policy_at_work at(exact());
  const milliseconds expected[] = {1000ms, 1500ms, 2250ms, 3375ms};
  for (const milliseconds pause : expected)
    BOOST_TEST((at.failed_after(0s) == pause));
  for (int i = 0; i < 20; ++i)
    at.failed_after(0s);
  BOOST_TEST((at.failed_after(0s) == 60s));
}

BOOST_AUTO_TEST_CASE(an_attempt_that_holds_brings_the_first_pause_back) {
  policy_at_work at(exact());
  at.failed_after(0s);
  BOOST_TEST((at.failed_after(59min) == 1500ms));
  BOOST_TEST((at.failed_after(1h) == 1000ms));
  BOOST_TEST((at.failed_after(0s) == 1500ms));
}

BOOST_AUTO_TEST_CASE(attempts_may_be_limited_until_one_holds) {
  exponential_delay strategy = exact();
  strategy.attempts = 2;
  policy_at_work at(strategy);
  for (int round = 0; round < 3; ++round) {
    BOOST_TEST(at.failed_after(1h).has_value());
    BOOST_TEST(at.failed_after(59min).has_value());
  }
  BOOST_TEST(!at.failed_after(59min).has_value());
}

BOOST_AUTO_TEST_CASE(jitter_is_drawn_from_the_seed_and_within_bounds) {
  exponential_delay strategy;
  strategy.initial = 10s;
  strategy.multiplier = 1;
  std::uint64_t longer = 0;
  policy_at_work at(strategy, 7), again(strategy, 7), other(strategy, 8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const auto pause = at.failed_after(0s);
    BOOST_TEST_REQUIRE(pause.has_value());
    BOOST_TEST((*pause >= 10s && *pause <= 11s)); // never below the first one
    longer += *pause > 10s;
    BOOST_TEST((again.failed_after(0s) == pause));
    differs |= other.failed_after(0s) != pause;
  }
  BOOST_TEST((longer > 30 && longer < 70 && differs));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_restart_policy
