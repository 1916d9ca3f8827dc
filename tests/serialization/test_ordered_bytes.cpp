#include "serialization/ordered_bytes.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_ordered_bytes {

namespace {

using std::string_literals::operator""s;

template <class K>
std::string ordered(const K& key) {
  std::string bytes;
  ordered_bytes<K>::encode(key, bytes);
  return bytes;
}

template <class K>
K decoded(const std::string& bytes, K into = {}) {
  byte_reader in(std::as_bytes(std::span(bytes)));
  ordered_bytes<K>::decode_into(into, in);
  BOOST_REQUIRE(in.at_end());
  return into;
}

/// std::string compares chars as unsigned, as memcmp does.
template <class K>
void keeps_order(const K& a, const K& b) {
  BOOST_REQUIRE((ordered(a) < ordered(b)) == (a < b));
  BOOST_REQUIRE((ordered(a) == ordered(b)) == (a == b));
}

} // namespace

BOOST_AUTO_TEST_SUITE(ordered_bytes_)

WEIR_TEST_CASE_OF_TYPES(bytes_compare_as_random_keys_do, K, key_types) {
  with_seed([](random_records& random) {
    std::vector<K> keys{K{}};
    for (int i = 0; i < 60; ++i)
      keys.push_back(random.make<K>());
    for (const K& a : keys)
      for (const K& b : keys)
        keeps_order(a, b);
  });
}

WEIR_TEST_CASE_OF_TYPES(random_keys_come_back, K, key_types) {
  with_seed([](random_records& random) {
    for (int i = 0; i < 100; ++i) {
      const K key = random.make<K>();
      BOOST_REQUIRE((decoded(ordered(key), random.make<K>()) == key));
    }
  });
}

// Keys stand before what follows them: none may be the beginning of another.
WEIR_TEST_CASE_OF_TYPES(no_key_begins_another, K, key_types) {
  with_seed([](random_records& random) {
    for (int i = 0; i < 300; ++i) {
      const K a = random.make<K>();
      const K b = random.make<K>();
      BOOST_REQUIRE((a == b || !ordered(b).starts_with(ordered(a))));
    }
  });
}

WEIR_TEST_CASE_OF_TYPES(what_is_cut_short_anywhere_is_refused, K, key_types) {
  with_seed([](random_records& random) {
    const std::string bytes = ordered(random.make<K>());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const std::vector<char> cut(bytes.data(), bytes.data() + size);
      BOOST_REQUIRE(is_refused([&] {
        K key{};
        byte_reader in(std::as_bytes(std::span(cut)));
        ordered_bytes<K>::decode_into(key, in);
      }));
    }
  });
}

WEIR_TEST_CASE_OF_TYPES(random_bytes_are_read_or_refused, K, key_types) {
  with_seed([](random_records& random) {
    K key{};
    for (int i = 0; i < 300; ++i) {
      const std::string bytes = random.text() + random.text();
      byte_reader in(std::as_bytes(std::span(bytes)));
      is_refused([&] { ordered_bytes<K>::decode_into(key, in); });
    }
  });
}

BOOST_AUTO_TEST_CASE(zeros_and_prefixes_keep_their_order) {
  const std::vector<std::string> ascending{"",    "\0"s, "\0\0"s, "\0\1"s,  "\0\xff"s,
                                           "\1"s, "a",   "a\0"s,  "a\0\0"s, "a\0b"s,
                                           "a\1", "ab",  "b",     "\xff",   "\xff\xff"};
  for (const std::string& a : ascending)
    for (const std::string& b : ascending) {
      keeps_order(a, b);
      keeps_order(std::pair(a, b), std::pair(b, a));
      BOOST_TEST((ordered(a) < ordered(b)) == (&a < &b));
    }
}

BOOST_AUTO_TEST_CASE(fixed_keys_have_the_bytes_of_ordered_key) {
  const point key{-5, 700, true};
  std::string fixed(ordered_key<point>::size, ' ');
  ordered_key<point>::encode(key, reinterpret_cast<std::byte*>(fixed.data()));
  BOOST_TEST(ordered(key) == fixed);
}

// Frozen: a change breaks every checkpoint.
BOOST_AUTO_TEST_CASE(golden_bytes) {
  const key_record key{"a\0"s, -1, {"b", ""}, 7};
  const std::string bytes = ordered(key);
  BOOST_TEST(hex(std::as_bytes(std::span(bytes))) == "6100ff0001"
                                                     "017fffffff"
                                                     "01620001"
                                                     "010001"
                                                     "00"
                                                     "07");
  using choice = std::variant<std::monostate, std::uint16_t>;
  BOOST_TEST(ordered(choice{}) == "\0"s);
  BOOST_TEST(ordered(choice{std::uint16_t{258}}) == "\1\1\2"s);
  BOOST_TEST(ordered(std::chrono::seconds{1}) == "\x80\0\0\0\0\0\0\1"s);
}

BOOST_AUTO_TEST_CASE(malformed_marks_are_refused) {
  const auto refused = [](auto key, const std::string& bytes) {
    return is_refused([&] { decoded<decltype(key)>(bytes); });
  };
  BOOST_TEST(refused(std::string(), "a\0\2"s));
  BOOST_TEST(refused(std::optional<bool>(), "\2\1"s));
  BOOST_TEST(refused(std::vector<bool>(), "\1\1\2"s));
  BOOST_TEST((refused(std::variant<bool, char>(), "\2\1"s)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_ordered_bytes
