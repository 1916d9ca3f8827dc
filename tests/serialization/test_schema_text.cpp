#include "serialization/schema_text.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/schema_changes.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_schema_text {

namespace {

struct place {
  double lat = 0;
  double lon = 0;
};

struct visit {
  std::uint64_t id = 0;
  std::optional<place> at;
  std::map<std::string, std::vector<place>> seen;
  std::pair<std::uint32_t, place> pair;
  std::chrono::milliseconds took{};
};

struct oddly_named {
  static constexpr std::array weir_fields{"total amount", "say \"\\\"", "line\nbreak", "",
                                          "2nd",          "\xc3\xa4"};
  std::uint8_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;
};

record_schema without_names(record_schema type) {
  type.names.clear();
  for (record_schema& child : type.children)
    child = without_names(child);
  if (type.kind == schema_kind::character)
    type.kind = schema_kind::signed_number;
  return type;
}

std::string refusal_of(std::string_view text) {
  std::string refusal;
  BOOST_TEST(!try_parse_schema(text, refusal).has_value());
  return refusal;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(schema_text_)

// Frozen: checkpoints contain such texts.
BOOST_AUTO_TEST_CASE(golden_texts) {
  BOOST_TEST(schema_text(schema_of<std::uint64_t>()) == "u64");
  BOOST_TEST(schema_text(schema_of<long double>()) == "f128");
  BOOST_TEST(schema_text(schema_of<visit>()) ==
             "{id:u64,at:optional<{lat:f64,lon:f64}>,"
             "seen:map<string,list<{lat:f64,lon:f64}>>,pair:{u32,{lat:f64,lon:f64}},"
             "took:duration<i64,ms>}");
  BOOST_TEST(schema_text(schema_of<everything>()) ==
             "{nested:{user:string,amount:u64,note:optional<string>,tags:list<string>,"
             "counts:map<string,u32>},readings:list<{sensor:string,value:optional<f64>,"
             "after:duration<i64,ms>}>,corners:[{x:i32,y:u16,visible:bool};2],"
             "choice:variant<none,u32,string,{sensor:string,value:optional<f64>,"
             "after:duration<i64,ms>}>,series:map<string,list<i16>>,"
             "colours:map<{x:i32,y:u16,visible:bool},u8>,pair:{string,i8},"
             "tuple:{i8,f32,list<bool>},at:time<i64,us>,"
             "deep:optional<list<optional<u64>>>,last:bool}");
  BOOST_TEST(schema_text(schema_of<oddly_named>()) ==
             "{\"total amount\":u8,\"say \\\"\\\\\\\"\":u8,\"line\\x0abreak\":u8,\"\":u8,"
             "\"2nd\":u8,\"\xc3\xa4\":u8}");
  BOOST_TEST(
      (schema_text(schema_of<std::chrono::duration<std::int32_t, std::ratio<2, 7>>>()) ==
       "duration<i32,2/7>"));
}

WEIR_TEST_CASE_OF_TYPES(types_are_read_back, T, sample_types) {
  const record_schema type = schema_of<T>();
  BOOST_TEST(schema_text(parse_schema(schema_text(type))) == schema_text(type));
  BOOST_TEST((parse_schema(type_description<T>()) == without_names(type)));
}

BOOST_AUTO_TEST_CASE(names_are_read_back) {
  BOOST_TEST((parse_schema(schema_text(schema_of<visit>())) == schema_of<visit>()));
  BOOST_TEST(
      (parse_schema(schema_text(schema_of<oddly_named>())) == schema_of<oddly_named>()));
  BOOST_TEST((parse_schema("f128") == schema_of<long double>()));
  BOOST_TEST((parse_schema("duration<bool,2/7>").unit == "2/7"));
  BOOST_TEST(
      (parse_schema("{list:u8,u8:u8}").names == std::vector<std::string>{"list", "u8"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_type_is_refused_and_says_where) {
  BOOST_TEST(refusal_of("") == "\"\" is no type: at character 1, a type should stand "
                               "there");
  BOOST_TEST(contains(refusal_of("{id:u64,f99}"), "at character 9, either all fields"));
  BOOST_TEST(contains(refusal_of("{id:f99}"), "at character 5, a type should stand"));
  BOOST_TEST(contains(refusal_of("\n\"" + std::string(100, 'x')), "\\x0a\\\"xxx"));
  BOOST_TEST(contains(refusal_of(std::string(100, 'x')), "xxx...\" is no"));
  for (const char* text : {"u64 ",
                           "u7",
                           "none",
                           "list<none>",
                           "{}",
                           "list<>",
                           "list<u8",
                           "list<u8,u8>",
                           "map<u8>",
                           "variant<>",
                           "[u8;0]",
                           "[u8;-1]",
                           "[u8;07]",
                           "[u8]",
                           "[u8;99999999999999999999999]",
                           "{u8,}",
                           "{:u8}",
                           "{2nd:u8}",
                           "{\"id\":u8}",
                           "{\"a\\x41\":u8}",
                           "{\"a\\",
                           "{\"a\\x0",
                           "{\"a\\x",
                           "{\"\\x00:u8}",
                           "{a:u8,u8}",
                           "{u8,a:u8}",
                           "time<u8>",
                           "time<f64,ms>",
                           "time<i64,>",
                           "time<i64,min",
                           "time<i64,0/7>",
                           "time<i64,7/>",
                           "time<i64,-1/7>",
                           "duration<string,ms>",
                           "]"})
    BOOST_TEST(contains(refusal_of(text), "is no type"), text);
  BOOST_TEST(contains(refusal_of("[[u8;9];8"), "']' should stand there"));
}

BOOST_AUTO_TEST_CASE(deep_long_and_wide_texts_are_refused_and_large_arrays_are_not) {
  const auto nested = [](std::size_t levels) {
    std::string text;
    for (std::size_t i = 1; i < levels; ++i)
      text += "list<";
    return text + "u8" + std::string(levels - 1, '>');
  };
  BOOST_TEST(schema_text(parse_schema(nested(100))) == nested(100));
  BOOST_TEST(contains(refusal_of(nested(101)), "nested too deep"));
  BOOST_TEST(contains(refusal_of(std::string(1 << 20, '[')), "nested too deep"));
  BOOST_TEST(contains(refusal_of(std::string((1 << 20) + 1, '[')), "1 MiB"));
  std::string wide = "variant<u8";
  for (int i = 0; i < 255; ++i)
    wide += ",u8";
  BOOST_TEST(contains(refusal_of(wide + ">"), "too many"));
  BOOST_TEST(parse_schema("[u8;99999999999]").count == 99'999'999'999U);
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_a_restore) {
  BOOST_CHECK_EXCEPTION(parse_schema("u7"), error, [](const error& refusal) {
    return refusal.kind() == failure::restore_refused &&
           contains(refusal.what(), "\"u7\" is no type");
  });
}

BOOST_AUTO_TEST_CASE(random_types_are_read_back) {
  with_seed([](random_records& random) {
    random_schemas schemas(random);
    for (int i = 0; i < 200; ++i) {
      const record_schema type = schemas.type(5);
      BOOST_REQUIRE((parse_schema(schema_text(type)) == type));
      BOOST_REQUIRE((parse_schema(description(type)) == without_names(type)));
    }
  });
}

BOOST_AUTO_TEST_CASE(random_bytes_are_a_type_with_that_text_or_refused) {
  static constexpr std::string_view pieces[] = {
      "{",   "}",    "[",      "]",         "<",      ">",        ",",    ";",   ":",
      "\"",  "\\",   "\\x0a",  "list",      "map",    "optional", "none", "u64", "i8",
      "f32", "time", "string", "duration<", "i64,ms", "variant<", "name", "7",   "1/3"};
  with_seed([](random_records& random) {
    std::size_t types = 0;
    for (int i = 0; i < 20'000; ++i) {
      std::string text;
      if (random.below(2) == 0) {
        text = schema_text(random_schemas(random).type());
        for (auto left = random.below(3); left > 0; --left)
          text[random.below(text.size())] = static_cast<char>(random.below(256));
      } else {
        for (auto left = random.below(12); left > 0; --left)
          text += random.below(8) == 0 ? random.text()
                                       : pieces[random.below(std::size(pieces))];
      }
      std::string refusal;
      const auto type = try_parse_schema(text, refusal);
      BOOST_REQUIRE(type.has_value() == refusal.empty());
      if (type) {
        BOOST_REQUIRE(schema_text(*type) == text);
        ++types;
      }
    }
    BOOST_TEST(types > 1'000U);
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_schema_text
