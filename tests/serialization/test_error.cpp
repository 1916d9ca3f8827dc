#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_error {

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(a_message_is_one_line_that_does_nothing_to_a_terminal) {
  const error problem(failure::usage, "no\tjob 'a\x1b[2J\nb\x7f' \xc3\xa4 \xc2\x9b!");
  BOOST_TEST(problem.what() ==
             std::string("no\\tjob 'a\\u001b[2J\\nb\\u007f' \xc3\xa4 \\u009b!"));
}

BOOST_AUTO_TEST_CASE(a_message_that_is_cut_inside_of_a_character_stays_so) {
  BOOST_TEST(one_line("\xc2") == "\xc2");
  BOOST_TEST(one_line("").empty());
}

BOOST_AUTO_TEST_CASE(what_user_code_throws_becomes_one_line_too) {
  try {
    throw std::runtime_error("first\nsecond");
  } catch (...) {
    BOOST_TEST(caught_error().what() == std::string("first\\nsecond"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_error
