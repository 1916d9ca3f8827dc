#include "serialization/batch_frame.hpp"
#include "serialization/csv.hpp"
#include "serialization/json.hpp"
#include "tests/serialization/message_of.hpp"
#include "tests/serialization/record_bytes.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace weir::test::test_text_value {

namespace {

using std::string_literals::operator""s;

/// The same record with both kinds of text.
template <class Text>
struct letter {
  Text from;
  std::optional<Text> to;
  std::vector<Text> lines;
  std::variant<std::monostate, std::uint32_t, Text> what;
  std::map<std::string, Text> pages;
  std::pair<Text, std::int8_t> pair;
  std::array<Text, 2> both;
  std::uint64_t number = 0;
};
template <class Text>
struct letter_key {
  Text name;
  std::optional<std::int32_t> number;
  std::vector<Text> path;
  std::uint8_t last = 0;
};
template <class Text>
struct letter_line {
  Text from;
  std::optional<Text> note;
  std::uint32_t amount = 0;
};
struct alike {
  text name;
  std::uint64_t number;
};
struct hiding {
  text name;
  std::set<int> numbers;
};
struct ring {
  text name;
  std::vector<ring> next;
};

static_assert(sizeof(text) == 16 && std::is_trivially_copyable_v<text>);
static_assert(std::is_trivially_copyable_v<alike> && !fixed_record<alike>);
static_assert(record_key<text> && record_key<letter_key<text>> && csv_record<alike>);
static_assert(!record<std::map<text, int>> && !record<std::map<alike, int>>);
static_assert(holds_text<text> && holds_text<letter<text>> && holds_text<text[2]>);
static_assert(holds_text<hiding> && holds_text<std::set<text>> && holds_text<ring>);
static_assert(!holds_text<letter<std::string>> && !holds_text<everything>);
static_assert(!std::is_constructible_v<text, std::string>); // it would die at once
static_assert(std::is_constructible_v<text, const std::string&>);
static_assert(!std::is_convertible_v<std::string_view, text>);
static_assert(std::is_convertible_v<const text&, std::string_view>);
static_assert(!std::is_convertible_v<text, std::string_view>);

template <class T>
std::string printed(const T& value) {
  std::string out;
  append_text(out, value);
  return out;
}
template <class T>
std::string as_json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}
template <class T>
std::string as_csv(const T& value) {
  std::string out;
  append_csv(out, value);
  return out;
}
template <class K>
std::string ordered(const K& key) {
  std::string bytes;
  ordered_bytes<K>::encode(key, bytes);
  return bytes;
}

bool is_within(const text& inner, std::string_view outer) {
  return inner.data() >= outer.data() &&
         inner.data() + inner.size() <= outer.data() + outer.size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(text_value)

BOOST_AUTO_TEST_CASE(characters_of_any_number_come_back) {
  const std::string all = "abcdefghijklmnopqrstuvwxyz";
  for (std::size_t size = 0; size <= all.size(); ++size) {
    // A copy of that size, so that the sanitizer sees a read beyond it.
    const std::vector<char> exact(all.data(), all.data() + size);
    const text made(std::string_view(exact.data(), size));
    BOOST_TEST(made.view() == all.substr(0, size));
    BOOST_TEST(made.size() == size);
    BOOST_TEST(made.is_long() == (size > 12));
    BOOST_TEST((made.data() == exact.data()) == (size > 12));
    const text copied = made;
    BOOST_TEST((copied == made && copied == all.substr(0, size)));
  }
  BOOST_TEST(text().empty());
}

BOOST_AUTO_TEST_CASE(texts_compare_as_strings_do) {
  with_seed([](random_records& random) {
    std::vector<std::string> all{"", "\0"s, "\0\0"s, "a", "a\0"s, "a\0b"s, "ab"};
    for (const char* tail : {"", "m", "mn", "mo", "mnopqrstuvwxyz", "mnopqrstuvwxyy"})
      all.push_back("abcdefghijkl"s + tail);
    for (int i = 0; i < 60; ++i)
      all.push_back(random.text());
    const auto others = all; // long texts elsewhere
    for (const std::string& a : all)
      for (const std::string& b : others) {
        BOOST_REQUIRE((text(a) == text(b)) == (a == b));
        BOOST_REQUIRE((text(a) <=> text(b)) == (a <=> b));
        BOOST_REQUIRE((text(a) == b) == (a == b));
        BOOST_REQUIRE((text(a) < b) == (a < b));
      }
  });
}

BOOST_AUTO_TEST_CASE(records_are_the_same_bytes_and_the_same_type_with_either_kind) {
  BOOST_TEST(type_description<letter<text>>() == type_description<letter<std::string>>());
  BOOST_TEST(type_description<text>() == "string");
  with_seed([](random_records& random) {
    letter<text> read;
    for (int i = 0; i < 100; ++i) {
      const auto strings = random.make<letter<std::string>>();
      const auto bytes = record_bytes(strings);
      byte_reader in(bytes);
      record_codec<letter<text>>::decode_into(read, in);
      BOOST_REQUIRE(in.at_end());
      BOOST_REQUIRE(printed(read) == printed(strings));
      BOOST_REQUIRE((record_bytes(read) == bytes));
    }
  });
}

BOOST_AUTO_TEST_CASE(keys_are_the_same_ordered_bytes_with_either_kind) {
  with_seed([](random_records& random) {
    for (int i = 0; i < 300; ++i) {
      const auto strings = random.make<letter_key<std::string>>();
      const std::string bytes = ordered(strings);
      text_arena unescaped;
      byte_reader in(std::as_bytes(std::span(bytes)), &unescaped);
      letter_key<text> read;
      ordered_bytes<letter_key<text>>::decode_into(read, in);
      BOOST_REQUIRE(in.at_end());
      BOOST_REQUIRE(printed(read) == printed(strings));
      BOOST_REQUIRE(ordered(read) == bytes);
    }
  });
}

BOOST_AUTO_TEST_CASE(what_is_cut_short_anywhere_is_refused) {
  with_seed([](random_records& random) {
    const auto record = record_bytes(random.make<letter<std::string>>());
    for (std::size_t size = 0; size < record.size(); ++size) {
      const std::vector<std::byte> cut(record.data(), record.data() + size);
      BOOST_REQUIRE(is_refused([&] {
        letter<text> value;
        byte_reader in(cut);
        record_codec<letter<text>>::decode_into(value, in);
      }));
    }
    const std::string key = ordered(random.make<letter_key<std::string>>());
    for (std::size_t size = 0; size < key.size(); ++size) {
      const std::vector<char> cut(key.data(), key.data() + size);
      BOOST_REQUIRE(is_refused([&] {
        letter_key<text> value;
        text_arena unescaped;
        byte_reader in(std::as_bytes(std::span(cut)), &unescaped);
        ordered_bytes<letter_key<text>>::decode_into(value, in);
      }));
    }
  });
}

BOOST_AUTO_TEST_CASE(json_is_the_same_with_either_kind) {
  with_seed([](random_records& random) {
    for (int i = 0; i < 100; ++i) {
      const auto strings = random.make<letter<std::string>>();
      const std::string json = as_json(strings);
      text_arena unescaped;
      letter<text> read;
      BOOST_REQUIRE(message_of(parse_json(json, read, unescaped)) == "none");
      BOOST_REQUIRE(as_json(read) == json);
      BOOST_REQUIRE((record_bytes(read) == record_bytes(strings)));
    }
  });
}

BOOST_AUTO_TEST_CASE(json_texts_are_pieces_of_the_line_where_nothing_is_escaped) {
  const std::string line = R"(["nothing is escaped here","here\tone is, as one sees"])";
  text_arena unescaped;
  std::vector<text> read;
  BOOST_REQUIRE(message_of(parse_json(line, read, unescaped)) == "none");
  BOOST_TEST((read[0] == "nothing is escaped here"));
  BOOST_TEST((read[1] == "here\tone is, as one sees"));
  BOOST_TEST(is_within(read[0], line));
  BOOST_TEST(!is_within(read[1], line));
}

BOOST_AUTO_TEST_CASE(csv_is_the_same_with_either_kind) {
  with_seed([](random_records& random) {
    csv_reader<letter_line<text>> reader;
    letter_line<text> read;
    for (int i = 0; i < 300; ++i) {
      const auto strings = random.make<letter_line<std::string>>();
      const std::string line = as_csv(strings);
      BOOST_REQUIRE(message_of(reader.read(line, read)) == "none");
      BOOST_REQUIRE(as_csv(read) == line);
      BOOST_REQUIRE((record_bytes(read) == record_bytes(strings)));
    }
  });
}

BOOST_AUTO_TEST_CASE(csv_texts_are_pieces_of_the_line_where_no_quote_is_doubled) {
  csv_reader<letter_line<text>> reader;
  letter_line<text> read;
  const std::string line = R"("quoted, but no more","a ""word"" in quotes",7)";
  BOOST_REQUIRE(message_of(reader.read(line, read)) == "none");
  BOOST_TEST((read.from == "quoted, but no more"));
  BOOST_TEST((*read.note == "a \"word\" in quotes"));
  BOOST_TEST(is_within(read.from, line));
  BOOST_TEST(!is_within(*read.note, line));
}

BOOST_AUTO_TEST_CASE(batches_come_back_with_texts_of_the_reader) {
  with_seed([](random_records& random) {
    std::vector<letter<std::string>> strings;
    for (int i = 0; i < 20; ++i)
      strings.push_back(random.make<letter<std::string>>());
    std::vector<letter<text>> read;
    text_arena texts;
    decode_batch(encode_batch(std::span<const letter<std::string>>(strings)), "b", read,
                 texts);
    BOOST_REQUIRE((record_bytes(read) == record_bytes(strings)));
  });
}

BOOST_AUTO_TEST_CASE(a_map_with_text_in_its_keys_is_refused_in_words) {
  const std::string why = detail::refusal<std::map<alike, int>, false>().text;
  BOOST_TEST(why.ends_with("it is a map whose keys hold weir::text; use std::string "
                           "there"),
             why);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_text_value
