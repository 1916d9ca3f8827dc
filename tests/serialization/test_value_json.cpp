#include "serialization/json.hpp"
#include "serialization/ordered_bytes.hpp"
#include "serialization/row_json.hpp"
#include "serialization/schema_text.hpp"
#include "serialization/value_json.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/record_bytes.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>

namespace weir::test::test_value_json {

namespace {

std::string json_of(const record_schema& type, std::span<const std::byte> bytes,
                    value_encoding encoding = value_encoding::record,
                    value_style style = value_style::plain) {
  std::string json;
  byte_reader in(bytes);
  append_value_json(json, type, in, encoding, style);
  BOOST_TEST_REQUIRE(in.at_end());
  return json;
}

template <class T>
std::string ordered(const T& key) {
  std::string bytes;
  ordered_bytes<T>::encode(key, bytes);
  return bytes;
}

/// What is written for records, which takes text as it comes, is the same.
bool is_plain_ascii(const std::string& json) {
  return std::ranges::all_of(json,
                             [](char c) { return static_cast<unsigned char>(c) < 0x7f; });
}

std::string text_json(std::string_view text) {
  std::string json;
  append_any_text_json(json, text);
  return json;
}

std::string refusal_of(const char* type, const char* written) {
  std::string problem;
  BOOST_TEST(!try_parse_row(parse_schema(type), written, problem).has_value());
  return problem;
}

} // namespace

BOOST_AUTO_TEST_SUITE(value_json)

WEIR_TEST_CASE_OF_TYPES(values_are_the_json_of_records, T, sample_types) {
  const record_schema type = schema_of<T>();
  int compared = 0;
  with_seed([&](random_records& random) {
    for (int i = 0; i < 200; ++i) {
      const T value = random.make<T>();
      std::string wanted;
      append_json(wanted, value);
      const std::string json = json_of(type, record_bytes(value));
      BOOST_REQUIRE(is_plain_ascii(json) || !is_plain_ascii(wanted));
      if (!is_plain_ascii(wanted))
        continue;
      BOOST_TEST_REQUIRE(json == wanted);
      ++compared;
    }
  });
  BOOST_TEST(compared > 0);
}

WEIR_TEST_CASE_OF_TYPES(keys_are_the_same_in_both_encodings, T, key_types) {
  const record_schema type = schema_of<T>();
  with_seed([&](random_records& random) {
    for (int i = 0; i < 200; ++i) {
      const T key = random.make<T>();
      const std::string bytes = ordered(key);
      BOOST_TEST_REQUIRE(
          json_of(type, std::as_bytes(std::span(bytes)), value_encoding::ordered) ==
          json_of(type, record_bytes(key)));
    }
  });
}

WEIR_TEST_CASE_OF_TYPES(keys_are_read_back_from_their_json, T, key_types) {
  const record_schema type = parse_schema(schema_text(schema_of<T>()));
  BOOST_TEST(can_be_key(type));
  int compared = 0;
  with_seed([&](random_records& random) {
    for (int i = 0; i < 200; ++i) {
      const T key = random.make<T>();
      std::string written = json_of(type, record_bytes(key));
      if constexpr (std::is_same_v<T, std::string>)
        written = key;
      std::string problem;
      const auto parsed = try_parse_row(type, written, problem);
      BOOST_TEST_REQUIRE(parsed.has_value(), written << " " << problem);
      std::string again;
      encode_ordered(type, *parsed, again);
      BOOST_TEST_REQUIRE(again == ordered(key), written);
      ++compared;
    }
  });
  BOOST_TEST(compared > 0);
}

WEIR_TEST_CASE_OF_TYPES(damaged_bytes_become_json_or_are_refused, T, key_types) {
  const record_schema type = schema_of<T>();
  with_seed([&](random_records& random) {
    for (int i = 0; i < 100; ++i) {
      std::string bytes = ordered(random.make<T>());
      for (auto flips = random.below(4); flips > 0 && !bytes.empty(); --flips)
        bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
      bytes.resize(bytes.size() - random.below(2));
      for (const auto encoding : {value_encoding::ordered, value_encoding::record})
        is_refused([&] {
          std::string json;
          byte_reader in(std::as_bytes(std::span(bytes)));
          append_value_json(json, type, in, encoding);
        });
    }
  });
}

BOOST_AUTO_TEST_CASE(a_length_that_lies_is_refused_at_once) {
  const std::string many("\xff\xff\xff\xff", 4);
  for (const char* type : {"list<u8>", "list<string>", "map<u8,u8>", "string"})
    BOOST_TEST(is_refused([&] {
      std::string json;
      byte_reader in(std::as_bytes(std::span(many)));
      append_value_json(json, parse_schema(type), in);
    }));
}

BOOST_AUTO_TEST_CASE(any_text_becomes_utf8_without_commands) {
  BOOST_TEST(text_json("a\"b\\c\n\t\x1b[2J") == R"("a\"b\\c\n\t\u001b[2J")");
  BOOST_TEST(text_json("\x7f") == R"("\u007f")");
  BOOST_TEST(text_json("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82") ==
             "\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x99\x82\"");
  BOOST_TEST(text_json("\xc2\x9b") == R"("\u009b")");
  // Cut short, overlong, a surrogate, beyond the last character.
  BOOST_TEST(text_json("\xe2\x82") == R"("\udce2\udc82")");
  BOOST_TEST(text_json("\xc0\xaf") == R"("\udcc0\udcaf")");
  BOOST_TEST(text_json("\xed\xa0\x80") == R"("\udced\udca0\udc80")");
  BOOST_TEST(text_json("\xf4\x90\x80\x80") == R"("\udcf4\udc90\udc80\udc80")");
  BOOST_TEST(text_json(std::string_view("\0", 1)) == R"("\u0000")");
}

BOOST_AUTO_TEST_CASE(people_read_times_as_dates) {
  const auto text = [](std::int64_t then) {
    std::string out;
    append_time_text(out, then);
    return out;
  };
  BOOST_TEST(text(0) == "1970-01-01 00:00:00.000000 UTC");
  BOOST_TEST(text(1'795'392'000'000'001) == "2026-11-23 00:00:00.000001 UTC");
  BOOST_TEST(text(-1) == "1969-12-31 23:59:59.999999 UTC");
  BOOST_TEST(text(std::numeric_limits<std::int64_t>::max()).find("us") !=
             std::string::npos);
  BOOST_TEST(text(std::numeric_limits<std::int64_t>::min()).find("us") !=
             std::string::npos);
  const auto bytes = record_bytes(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(1500)));
  const record_schema type = parse_schema("time<i64,ms>");
  BOOST_TEST(json_of(type, bytes) == "1500");
  BOOST_TEST(json_of(type, bytes, value_encoding::record, value_style::readable) ==
             "\"1970-01-01 00:00:01.500000 UTC\"");
}

BOOST_AUTO_TEST_CASE(what_is_no_key_of_the_type_is_explained) {
  BOOST_TEST(refusal_of("u64", "abc") == "is not a whole number");
  BOOST_TEST(refusal_of("u8", "256") == "is not between 0 and 255");
  BOOST_TEST(refusal_of("bool", "yes") == "is not true or false");
  BOOST_TEST(refusal_of("time<i64,us>", "now") == "is not a whole number");
  BOOST_TEST(refusal_of("{id:u64,name:string}", "{\"id\":1}").find("field 'name'") !=
             std::string::npos);
  BOOST_TEST(refusal_of("{id:u64}", "{\"id\":1,\"x\":2}").find("no field 'x'") !=
             std::string::npos);
  BOOST_TEST(refusal_of("{u64,u64}", "[1,2,3]").find("3 elements") != std::string::npos);
  BOOST_TEST(refusal_of("list<u64>", "[1,2] 3").find("more text") != std::string::npos);
  BOOST_TEST(!can_be_key(parse_schema("{u64,f64}")));
  BOOST_TEST(!can_be_key(parse_schema("list<map<u64,u64>>")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_value_json
