#include "apps/weir/number_text.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::cli::test::test_number_text {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(number_text)

BOOST_AUTO_TEST_CASE(digits_stand_in_groups_of_three) {
  BOOST_TEST(grouped(0) == "0");
  BOOST_TEST(grouped(999) == "999");
  BOOST_TEST(grouped(1000) == "1,000");
  BOOST_TEST(grouped(123456) == "123,456");
  BOOST_TEST(grouped(18446744073709551615u) == "18,446,744,073,709,551,615");
}

BOOST_AUTO_TEST_CASE(a_compact_number_has_three_digits) {
  BOOST_TEST(compact(0) == "0");
  BOOST_TEST(compact(7.4) == "7");
  BOOST_TEST(compact(999.4) == "999");
  BOOST_TEST(compact(999.6) == "1.00k");
  BOOST_TEST(compact(12'345) == "12.3k");
  BOOST_TEST(compact(123'456) == "123k");
  BOOST_TEST(compact(999'700) == "1.00M");
  BOOST_TEST(compact(88.1e6) == "88.1M");
  BOOST_TEST(compact(2.5e9) == "2.50G");
  BOOST_TEST(compact(3e15) == "3000T");
}

BOOST_AUTO_TEST_CASE(a_duration_is_as_exact_as_one_cares) {
  BOOST_TEST(duration_text(0s) == "0.0 s");
  BOOST_TEST(duration_text(420ms) == "0.4 s");
  BOOST_TEST(duration_text(12'900ms) == "12 s");
  BOOST_TEST(duration_text(185s) == "3 min 05 s");
  BOOST_TEST(duration_text(7530s) == "2 h 05 min");
}

BOOST_AUTO_TEST_CASE(a_rate_is_never_below_nothing) {
  BOOST_TEST(rate(100, 350, 500ms) == 500.0);
  BOOST_TEST(rate(350, 100, 500ms) == 0.0); // a restart took some back
  BOOST_TEST(rate(100, 350, 0ms) == 0.0);
}

BOOST_AUTO_TEST_CASE(bytes_have_a_unit) {
  BOOST_TEST(byte_text(999) == "999 B");
  BOOST_TEST(byte_text(1234) == "1.2 kB");
  BOOST_TEST(byte_text(3'400'000) == "3.4 MB");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_number_text
