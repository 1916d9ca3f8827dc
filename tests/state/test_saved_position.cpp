#include "state/inspect/saved_position.hpp"
#include "tests/support/seeds.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <random>
#include <vector>

namespace weir::test::test_saved_position {

namespace {

/// What a task saves, field after field.
struct saved_bytes {
  std::vector<std::byte> bytes;

  template <class Number>
  saved_bytes& number(Number value) {
    const std::size_t at = bytes.size();
    bytes.resize(at + sizeof value);
    std::memcpy(bytes.data() + at, &value, sizeof value);
    return *this;
  }
  saved_bytes& word(std::uint64_t value) { return number(value); }
  saved_bytes& stretch(const std::string& path, std::uint64_t next, std::uint64_t end,
                       std::uint8_t at_line) {
    number(static_cast<std::uint32_t>(path.size()));
    for (const char c : path)
      number(c);
    return word(next).word(end).number(at_line);
  }
};

std::string position_of(const saved_bytes& saved) {
  return position_json(saved.bytes).value_or("none");
}

saved_bytes two_files() {
  return saved_bytes()
      .number(std::uint32_t{2})
      .stretch("a", 5, 10, 1)
      .stretch("b/c", 0, 7, 0);
}

const std::string two_files_json =
    R"({"files":[{"path":"a","next":5,"end":10,"at_line":true},)"
    R"({"path":"b/c","next":0,"end":7,"at_line":false}])";

} // namespace

BOOST_AUTO_TEST_SUITE(saved_position)

BOOST_AUTO_TEST_CASE(what_generate_has_left_is_ranges) {
  BOOST_TEST(position_of(saved_bytes().word(5).word(10)) ==
             R"({"ranges":[{"next":5,"end":10}]})");
  BOOST_TEST(position_of(saved_bytes().word(5).word(10).word(20).word(20)) ==
             R"({"ranges":[{"next":5,"end":10},{"next":20,"end":20}]})");
}

BOOST_AUTO_TEST_CASE(files_are_stretches_with_malformed_lines_where_lines_are_parsed) {
  BOOST_TEST(position_of(two_files()) == two_files_json + "}");
  BOOST_TEST(position_of(two_files().word(3)) == two_files_json + R"(,"malformed":3})");
  BOOST_TEST(position_of(saved_bytes().number(std::uint32_t{0})) == R"({"files":[]})");
}

BOOST_AUTO_TEST_CASE(sinks_have_bytes_or_records) {
  BOOST_TEST(position_of(saved_bytes().word(123).word(1).word(2)) == R"({"bytes":123})");
  BOOST_TEST(position_of(saved_bytes().word(123)) == R"({"records":123})");
}

BOOST_AUTO_TEST_CASE(what_is_no_position_is_nothing) {
  BOOST_TEST(position_of({}) == "none");
  BOOST_TEST(position_of(saved_bytes().word(10).word(5)) == "none"); // ends before next
  BOOST_TEST(position_of(saved_bytes().number('x')) == "none");
  saved_bytes cut = two_files();
  cut.bytes.pop_back();
  BOOST_TEST(position_of(cut) == "none");
  BOOST_TEST(position_of(saved_bytes().number(std::uint32_t{1}).stretch("a", 5, 10, 2)) ==
             "none"); // neither at a line nor not
  BOOST_TEST(position_of(saved_bytes().number(std::uint32_t{1}).stretch("", 5, 10, 1)) ==
             "none");
}

BOOST_AUTO_TEST_CASE(any_bytes_are_a_position_or_none) {
  for_each_seed(2'000, [](std::uint64_t seed) {
    std::mt19937_64 random(seed);
    saved_bytes any;
    for (auto left = random() % 64; left > 0; --left) {
      // Counts and flags are small, so that some of it is taken for what it might be.
      const auto drawn = random();
      any.number(static_cast<std::uint8_t>(drawn % 4 == 0 ? drawn >> 8 : drawn % 3));
    }
    const auto json = position_json(any.bytes);
    BOOST_TEST((!json || (json->starts_with("{") && json->ends_with("}"))));
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_saved_position
