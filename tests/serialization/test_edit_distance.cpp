#include "serialization/edit_distance.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace weir::test::test_edit_distance {

BOOST_AUTO_TEST_SUITE(edit_distances)

BOOST_AUTO_TEST_CASE(what_is_the_same_is_at_no_distance) {
  BOOST_TEST(edit_distance("", "") == 0U);
  BOOST_TEST(edit_distance("counts", "counts") == 0U);
}

BOOST_AUTO_TEST_CASE(characters_that_are_changed_added_or_taken_away_count) {
  BOOST_TEST(edit_distance("counts", "mounts") == 1U);
  BOOST_TEST(edit_distance("counts", "count") == 1U);
  BOOST_TEST(edit_distance("counts", "accounts") == 2U);
  BOOST_TEST(edit_distance("coutns", "counts") == 2U);
  BOOST_TEST(edit_distance("kitten", "sitting") == 3U);
  BOOST_TEST(edit_distance("", "weir") == 4U);
}

BOOST_AUTO_TEST_CASE(both_ways_are_as_far) {
  for (const std::string a : {"", "a", "ab", "ba", "abcabc", "kitten"})
    for (const std::string b : {"", "b", "bc", "cabbac", "sitting"})
      BOOST_TEST(edit_distance(a, b) == edit_distance(b, a));
}

BOOST_AUTO_TEST_CASE(whoever_wants_no_more_than_a_limit_gets_it) {
  for (const std::size_t limit : {0U, 1U, 2U, 3U, 4U, 100U}) {
    BOOST_TEST(edit_distance("kitten", "sitting", limit) ==
               std::min<std::size_t>(3, limit));
    BOOST_TEST(edit_distance("", "four", limit) == std::min<std::size_t>(4, limit));
  }
}

BOOST_AUTO_TEST_CASE(the_first_of_the_nearest_is_found) {
  const std::vector<std::string> names{"a long name", "mounts", "count", "counts",
                                       "counts"};
  BOOST_TEST((nearest_to("countss", names) == names.begin() + 3));
  BOOST_TEST((nearest_to("ount", names) == names.begin() + 2));
  BOOST_TEST((nearest_to("", names) == names.begin() + 2));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_edit_distance
