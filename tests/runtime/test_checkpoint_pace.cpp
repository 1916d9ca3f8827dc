#include "runtime/checkpoint_pace.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_checkpoint_pace {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(checkpoint_pace)

BOOST_AUTO_TEST_CASE(one_that_takes_nearly_the_interval_is_told_of_once) {
  weir::checkpoint_pace pace(10s);
  BOOST_TEST(!pace.completed({1}, 7900ms).has_value());
  const auto told = pace.completed({2}, 9140ms);
  BOOST_TEST_REQUIRE(told.has_value());
  BOOST_TEST(told->starts_with("checkpoint 2 took 9.1 s, and one is due every 10.0 s: "));
  BOOST_TEST(!pace.completed({3}, 20s).has_value());
  BOOST_TEST(!pace.completed({4}, 6s).has_value());
  BOOST_TEST(!pace.completed({5}, 9s).has_value());
}

BOOST_AUTO_TEST_CASE(and_again_when_it_was_better_in_between) {
  weir::checkpoint_pace pace(1s);
  BOOST_TEST(pace.completed({1}, 3s).has_value());
  BOOST_TEST(!pace.completed({2}, 499ms).has_value());
  BOOST_TEST(pace.completed({3}, 800ms).has_value());
}

BOOST_AUTO_TEST_CASE(several_a_second_and_those_on_demand_are_not_judged) {
  BOOST_TEST(!weir::checkpoint_pace(999ms).completed({1}, 5s).has_value());
  BOOST_TEST(!weir::checkpoint_pace(std::nullopt).completed({1}, 5s).has_value());
  BOOST_TEST(!weir::checkpoint_pace(std::chrono::milliseconds::max())
                  .completed({1}, 1h)
                  .has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_checkpoint_pace
