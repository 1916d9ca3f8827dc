#include "runtime/restart_policy.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(restart_policy)

BOOST_AUTO_TEST_CASE(without_attempts_the_first_failure_is_final) {
  weir::restart_policy policy(0, 10ms);
  BOOST_TEST(!policy.failed().has_value());
  BOOST_TEST(!policy.failed().has_value());
}

BOOST_AUTO_TEST_CASE(each_attempt_has_the_same_delay_and_then_the_job_fails) {
  weir::restart_policy policy(3, 250ms);
  for (int attempt = 0; attempt < 3; ++attempt)
    BOOST_TEST((policy.failed() == 250ms));
  BOOST_TEST(!policy.failed().has_value());
  BOOST_TEST(!policy.failed().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
