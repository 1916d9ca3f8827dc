#include "state/inspect/nearest_names.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_nearest_names {

BOOST_AUTO_TEST_SUITE(nearest)

BOOST_AUTO_TEST_CASE(none_one_two_and_several_read_as_a_list) {
  BOOST_TEST(nearest_names("a", {}).empty());
  BOOST_TEST(nearest_names("a", {"b"}) == "'b'");
  BOOST_TEST(nearest_names("a", {"b", "c"}) == "'b' and 'c'");
  BOOST_TEST(nearest_names("a", {"b", "c", "d"}) == "'b', 'c' and 'd'");
}

BOOST_AUTO_TEST_CASE(the_nearest_is_first_and_what_is_as_near_goes_by_name) {
  BOOST_TEST(nearest_names("coutns", {"clicks", "lines", "counts"}) ==
             "'counts', 'clicks' and 'lines'");
  BOOST_TEST(nearest_names("x", {"c", "a", "b"}) == "'a', 'b' and 'c'");
}

BOOST_AUTO_TEST_CASE(eight_are_named_and_the_others_counted) {
  const std::string eight = "'1', '2', '3', '4', '5', '6', '7' and '8'";
  BOOST_TEST(nearest_names("0", {"1", "2", "3", "4", "5", "6", "7", "8"}) == eight);
  BOOST_TEST(nearest_names("0", {"1", "2", "3", "4", "5", "6", "7", "8", "9 is far"}) ==
             "'1', '2', '3', '4', '5', '6', '7', '8' and 1 more");
}

BOOST_AUTO_TEST_CASE(names_of_any_length_are_compared) {
  const std::string long_one(1'000'000, 'a');
  BOOST_TEST((nearest_names(long_one, {"b", long_one}) == "'" + long_one + "' and 'b'"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_nearest_names
