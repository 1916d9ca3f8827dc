#include "serialization/type_description.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_type_description {

BOOST_AUTO_TEST_SUITE(type_description_)

// Frozen: a checkpoint is refused where the text differs.
BOOST_AUTO_TEST_CASE(types_without_a_fixed_size_are_described) {
  using std::chrono::duration;
  BOOST_TEST(type_description<std::string>() == "string");
  BOOST_TEST(type_description<std::optional<std::uint64_t>>() == "optional<u64>");
  BOOST_TEST(
      (type_description<std::variant<std::monostate, std::int8_t, std::string>>() ==
       "variant<none,i8,string>"));
  BOOST_TEST(type_description<std::vector<bool>>() == "list<bool>");
  BOOST_TEST((type_description<std::array<std::string, 3>>() == "[string;3]"));
  BOOST_TEST(
      (type_description<std::map<std::string, std::uint64_t>>() == "map<string,u64>"));
  BOOST_TEST((type_description<std::unordered_map<std::uint16_t, reading>>() ==
              "map<u16,{string,optional<f64>,duration<i64,ms>}>"));
  BOOST_TEST((type_description<std::pair<bool, std::uint32_t>>() == "{bool,u32}"));
  BOOST_TEST((type_description<std::tuple<std::string>>() == "{string}"));
  BOOST_TEST(type_description<click>() ==
             "{string,u64,optional<string>,list<string>,map<string,u32>}");
  BOOST_TEST(type_description<std::chrono::nanoseconds>() == "duration<i64,ns>");
  BOOST_TEST(type_description<std::chrono::hours>() == "duration<i64,h>");
  BOOST_TEST((type_description<duration<std::int32_t, std::ratio<7, 3>>>() ==
              "duration<i32,7/3>"));
  BOOST_TEST(type_description<std::chrono::sys_seconds>() == "time<i64,s>");
}

BOOST_AUTO_TEST_CASE(fixed_types_keep_their_text) {
  BOOST_TEST(type_description<point>() == "{i32,u16,bool}");
  BOOST_TEST((type_description<std::array<colour, 2>>() == "[u8;2]"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_type_description
