#include "serialization/file_name.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(file_name)

BOOST_AUTO_TEST_CASE(exactly_the_allowed_characters_are_allowed) {
  const std::string allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  for (int c = 0; c < 256; ++c) {
    const std::string name{'a', static_cast<char>(c)};
    BOOST_TEST(weir::is_file_name(name) == (allowed.find(name[1]) != allowed.npos));
  }
}

BOOST_AUTO_TEST_CASE(one_to_128_characters_are_allowed) {
  BOOST_TEST(!weir::is_file_name(""));
  BOOST_TEST(weir::is_file_name("a"));
  BOOST_TEST(weir::is_file_name(std::string(128, 'a')));
  BOOST_TEST(!weir::is_file_name(std::string(129, 'a')));
}

BOOST_AUTO_TEST_CASE(a_leading_dot_is_not_allowed) {
  for (const auto* name : {".", "..", ".a"})
    BOOST_TEST(!weir::is_file_name(name));
  BOOST_TEST(weir::is_file_name("a..b"));
}

BOOST_AUTO_TEST_SUITE_END()
