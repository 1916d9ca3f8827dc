#include "serialization/text.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace weir::test::test_text {

namespace {

template <class T>
std::string text(const T& value) {
  std::string out;
  append_text(out, value);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(text_)

// Programs read what print and write_lines wrote.
BOOST_AUTO_TEST_CASE(fixed_records_are_numbers_with_commas_between_them) {
  BOOST_TEST(text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  BOOST_TEST(text(std::uint8_t{65}) == "65");
  BOOST_TEST(text('A') == "A");
  BOOST_TEST(text(true) == "true");
  BOOST_TEST(text(0.1) == "0.1");
  BOOST_TEST(text(colour::green) == "200");
  BOOST_TEST(text(point{-1, 2, true}) == "-1,2,true");
  BOOST_TEST(text(std::array<point, 2>{}) == "0,0,false,0,0,false");
}

BOOST_AUTO_TEST_CASE(text_stands_as_it_is) {
  BOOST_TEST(text(std::string("a,\"b\"")) == "a,\"b\"");
  BOOST_TEST(text(std::string()) == "");
}

BOOST_AUTO_TEST_CASE(collections_stand_in_brackets) {
  BOOST_TEST(text(golden_click) == "ann,258,hi,[a,],{x:1,y:2}");
  BOOST_TEST(text(click{}) == ",0,,[],{}");
  BOOST_TEST(text(std::vector<bool>{true, false}) == "[true,false]");
  BOOST_TEST((text(std::vector<std::vector<int>>{{}, {1, 2}}) == "[[],[1,2]]"));
  BOOST_TEST((text(std::unordered_map<int, char>{{10, 'b'}, {9, 'a'}}) == "{9:a,10:b}"));
}

BOOST_AUTO_TEST_CASE(what_may_be_there_is_its_value_or_nothing) {
  using choice = std::variant<std::monostate, int, std::string>;
  BOOST_TEST(text(std::optional<int>()) == "");
  BOOST_TEST(text(std::optional<int>(7)) == "7");
  BOOST_TEST(text(choice()) == "");
  BOOST_TEST(text(choice("x")) == "x");
  BOOST_TEST((text(std::tuple(1, std::string("b"), std::optional<int>())) == "1,b,"));
}

BOOST_AUTO_TEST_CASE(durations_and_times_are_their_count) {
  BOOST_TEST(text(std::chrono::milliseconds(-1'500)) == "-1500");
  BOOST_TEST(text(std::chrono::sys_seconds(std::chrono::seconds(12))) == "12");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_text
