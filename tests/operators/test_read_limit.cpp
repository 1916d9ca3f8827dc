#include "operators/read_limit.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_read_limit {

using namespace std::chrono_literals;

namespace {

constexpr steady_time start{1h};

/// Reads all that is allowed, `wanted` at a time; returns how many rows that were.
std::size_t drain(read_limit& limit, std::size_t wanted, steady_time now) {
  std::size_t read = 0;
  while (const std::size_t allowed = limit.allowed(wanted, now)) {
    limit.took(allowed);
    read += allowed;
  }
  return read;
}

} // namespace

BOOST_AUTO_TEST_SUITE(read_limits)

BOOST_AUTO_TEST_CASE(without_a_limit_everything_is_allowed) {
  read_limit none(0);
  none.took(1'000'000);
  BOOST_TEST(none.allowed(64, start) == 64U);
}

BOOST_AUTO_TEST_CASE(the_pace_is_kept_whatever_the_size_of_a_block) {
  for (const std::size_t block : {1, 7, 64}) {
    read_limit limit(1000);
    drain(limit, block, start);
    std::size_t read = 0;
    for (auto now = start + 1ms; now <= start + 10s; now += 1ms)
      read += drain(limit, block, now);
    BOOST_TEST(read == 10'000U);
  }
}

BOOST_AUTO_TEST_CASE(the_next_row_is_due_when_it_says) {
  read_limit limit(4);
  BOOST_TEST(drain(limit, 64, start) == 1U);
  for (int row = 0; row < 20; ++row) {
    const auto due = limit.next();
    BOOST_TEST(limit.allowed(64, due - 1ns) == 0U);
    BOOST_TEST(drain(limit, 64, due) == 1U);
  }
  BOOST_TEST((limit.next() == start + 21 * 250ms));
}

BOOST_AUTO_TEST_CASE(a_pause_is_caught_up_with_only_a_little) {
  read_limit limit(1000);
  drain(limit, 64, start);
  BOOST_TEST(drain(limit, 64, start + 1h) == 101U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_read_limit
