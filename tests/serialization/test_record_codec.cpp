#include "serialization/record_codec.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/record_bytes.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace weir::test::test_record_codec {

namespace {

template <class T>
void reads_back(const T& value, T into) {
  const auto bytes = record_bytes(value);
  byte_reader in(bytes);
  record_codec<T>::decode_into(into, in);
  BOOST_TEST(in.at_end());
  BOOST_TEST((into == value));
}

template <class T>
bool is_refused_as(std::span<const std::byte> bytes) {
  return is_refused([&] {
    T value{};
    byte_reader in(bytes);
    record_codec<T>::decode_into(value, in);
  });
}

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values)
    bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_codec_)

WEIR_TEST_CASE_OF_TYPES(random_values_come_back, T, sample_types) {
  with_seed([](random_records& random) {
    for (int i = 0; i < 100; ++i)
      reads_back(random.make<T>(), random.make<T>()); // over whatever was there
  });
}

WEIR_TEST_CASE_OF_TYPES(no_value_takes_less_than_the_minimum, T, sample_types) {
  BOOST_TEST(record_codec<T>::size(T{}) >= record_codec<T>::size_min);
  BOOST_TEST(record_codec<T>::size_min > 0U);
}

WEIR_TEST_CASE_OF_TYPES(what_is_cut_short_anywhere_is_refused, T, sample_types) {
  with_seed([](random_records& random) {
    for (int i = 0; i < 10; ++i) {
      const auto bytes = record_bytes(random.make<T>());
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        // A copy of that size, so that the sanitizer sees a read beyond it.
        const std::vector<std::byte> cut(
            bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        BOOST_REQUIRE(is_refused_as<T>(cut));
      }
    }
  });
}

WEIR_TEST_CASE_OF_TYPES(damaged_bytes_are_read_or_refused, T, sample_types) {
  with_seed([](random_records& random) {
    T value{};
    for (int i = 0; i < 300; ++i) {
      auto bytes = record_bytes(random.make<T>());
      for (auto flips = 1 + random.below(4); flips > 0 && !bytes.empty(); --flips)
        bytes[random.below(bytes.size())] = static_cast<std::byte>(random.below(256));
      byte_reader in(bytes);
      if (!is_refused([&] { record_codec<T>::decode_into(value, in); }))
        record_bytes(value); // what was read can be written
    }
  });
}

BOOST_AUTO_TEST_CASE(fixed_records_have_the_bytes_of_codec) {
  const point value{-5, 700, true};
  std::vector<std::byte> fixed(codec<point>::size);
  codec<point>::encode(value, fixed.data());
  BOOST_TEST((record_bytes(value) == fixed));
  BOOST_TEST(hex(record_bytes(std::vector<point>{value})) == "01000000" + hex(fixed));
}

// Frozen: a change breaks every checkpoint.
BOOST_AUTO_TEST_CASE(golden_bytes) {
  BOOST_TEST(hex(record_bytes(golden_click)) == "03000000616e6e"
                                                "0201000000000000"
                                                "01020000006869"
                                                "02000000"
                                                "0100000061"
                                                "00000000"
                                                "02000000"
                                                "010000007801000000"
                                                "010000007902000000");
  using choice = std::variant<std::monostate, std::uint16_t, std::string>;
  BOOST_TEST(hex(record_bytes(choice{})) == "00");
  BOOST_TEST(hex(record_bytes(choice{std::uint16_t{7}})) == "010700");
  BOOST_TEST(hex(record_bytes(std::optional<std::uint8_t>{})) == "00");
  BOOST_TEST(hex(record_bytes(std::chrono::seconds{-2})) == "feffffffffffffff");
  BOOST_TEST(hex(record_bytes(std::vector<bool>{true, false})) == "020000000100");
  BOOST_TEST(hex(record_bytes(std::pair{std::string("b"), std::uint8_t{9}})) ==
             "010000006209");
}

BOOST_AUTO_TEST_CASE(equal_unordered_maps_are_the_same_bytes) {
  std::unordered_map<std::string, int> ascending;
  std::unordered_map<std::string, int> descending(1'000);
  std::map<std::string, int> sorted;
  for (int i = 0; i < 100; ++i) {
    ascending[std::to_string(i)] = i;
    descending[std::to_string(99 - i)] = 99 - i;
    sorted[std::to_string(i)] = i;
  }
  BOOST_TEST((record_bytes(ascending) == record_bytes(descending)));
  BOOST_TEST((record_bytes(ascending) == record_bytes(sorted)));
}

BOOST_AUTO_TEST_CASE(reading_again_needs_no_memory) {
  const std::vector<std::string> value(3, std::string(1'000, 'x'));
  const auto bytes = record_bytes(value);
  std::vector<std::string> into;
  byte_reader first(bytes);
  record_codec<std::vector<std::string>>::decode_into(into, first);
  const void* const list = into.data();
  const void* const text = into[2].data();
  byte_reader second(bytes);
  record_codec<std::vector<std::string>>::decode_into(into, second);
  BOOST_TEST(into.data() == list);
  BOOST_TEST(into[2].data() == text);
}

BOOST_AUTO_TEST_CASE(a_lying_length_is_refused_before_room_is_made_for_it) {
  const auto lie = bytes_of({255, 255, 255, 255, 1, 2, 3});
  BOOST_TEST(is_refused_as<std::string>(lie));
  BOOST_TEST(is_refused_as<std::vector<std::uint8_t>>(lie));
  BOOST_TEST(is_refused_as<std::vector<everything>>(lie));
  BOOST_TEST((is_refused_as<std::map<std::uint8_t, bool>>(lie)));
  BOOST_TEST(is_refused_as<std::vector<std::optional<everything>>>(lie));
}

BOOST_AUTO_TEST_CASE(malformed_marks_are_refused) {
  BOOST_TEST(is_refused_as<std::optional<bool>>(bytes_of({2, 0})));
  BOOST_TEST((is_refused_as<std::variant<bool, char>>(bytes_of({2, 0}))));
  // A key that is there twice.
  using map = std::map<std::uint8_t, std::uint8_t>;
  BOOST_TEST(is_refused_as<map>(bytes_of({2, 0, 0, 0, 7, 1, 7, 2})));
}

BOOST_AUTO_TEST_CASE(the_refusal_says_what_was_read_and_what_is_wrong) {
  const auto bytes = bytes_of({9, 0, 0, 0, 1});
  std::string text;
  byte_reader in(bytes);
  try {
    record_codec<std::string>::decode_into(text, in);
    BOOST_FAIL("not refused");
  } catch (const error& e) {
    BOOST_TEST(e.what() == std::string("cannot read a record: 9 bytes should follow and "
                                       "1 do; its bytes are damaged or of another type"));
    BOOST_TEST((e.kind() == failure::restore_refused));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_record_codec
