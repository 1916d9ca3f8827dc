#include "serialization/codec.hpp"
#include "serialization/ordered_key.hpp"
#include "tests/serialization/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

namespace weir::test::test_fixed {

namespace {

enum class level : std::int16_t { low = -300, middle = 0, high = 300 };
struct inner {
  std::uint16_t a;
  std::int8_t b;
};
struct outer {
  std::uint32_t number;
  inner nested;
  std::array<inner, 2> pair;
  level how;
  bool flag;
};
struct with_float {
  std::uint32_t id;
  double weight;
};

static_assert(fixed_record<double> && !fixed_key<double> && !fixed_key<float>);
static_assert(fixed_record<with_float> && !fixed_key<with_float>);
static_assert(!fixed_key<std::array<float, 2>>);
static_assert(fixed_key<outer> && fixed_key<level> && fixed_key<bool>);
static_assert(!fixed_record<int*> && !fixed_record<std::string>);
static_assert(!fixed_record<std::vector<int>> && !fixed_record<void>);
static_assert(!fixed_record<int[3]> && !fixed_record<int&>);
static_assert(codec<outer>::size == 4 + 3 + 6 + 2 + 1 && ordered_key<outer>::size == 16);

template <class T>
std::vector<std::byte> encoded(const T& value) {
  std::vector<std::byte> bytes(codec<T>::size);
  codec<T>::encode(value, bytes.data());
  return bytes;
}

template <class T>
std::vector<std::byte> ordered(const T& key) {
  std::vector<std::byte> bytes(ordered_key<T>::size);
  ordered_key<T>::encode(key, bytes.data());
  return bytes;
}

/// Ascending values of a type with its boundaries.
template <class T>
std::vector<T> ascending() {
  using limits = std::numeric_limits<T>;
  std::vector<T> all{limits::min(), static_cast<T>(limits::min() + 1)};
  if constexpr (std::is_signed_v<T>)
    for (const int i : {-100, -2, -1})
      all.push_back(static_cast<T>(i));
  if constexpr (std::is_signed_v<T>)
    all.push_back(0);
  for (const int i : {2, 100})
    all.push_back(static_cast<T>(i));
  all.push_back(static_cast<T>(limits::max() - 1));
  all.push_back(limits::max());
  return all;
}

template <class T>
void round_trips(const T& value) {
  BOOST_TEST((codec<T>::decode(encoded(value).data()) == value));
  if constexpr (fixed_key<T>) {
    T back{};
    ordered_key<T>::decode_into(back, ordered(value).data());
    BOOST_TEST((back == value));
  }
}

template <class T>
void keeps_order(const std::vector<T>& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (std::size_t j = 0; j < keys.size(); ++j)
      BOOST_TEST(((ordered(keys[i]) < ordered(keys[j])) == (i < j)), i << " and " << j);
}

template <class... T, class Check>
void for_types(Check check) {
  (check(T{}), ...);
}

const outer sample{0x01020304, {0x0506, -1}, {{{1, 2}, {3, -4}}}, level::low, true};

} // namespace

BOOST_AUTO_TEST_SUITE(codec_)

BOOST_AUTO_TEST_CASE(every_integer_comes_back_with_its_boundaries) {
  for_types<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t,
            std::int32_t, std::uint64_t, std::int64_t, char>([](auto zero) {
    for (const auto value : ascending<decltype(zero)>())
      round_trips(value);
  });
}

BOOST_AUTO_TEST_CASE(bools_enums_and_floats_come_back) {
  round_trips(true);
  round_trips(false);
  for (const level how : {level::low, level::middle, level::high})
    round_trips(how);
  for (const double value : {0.0, -0.0, 1.5, -1e300})
    round_trips(value);
  round_trips(-2.5F);
}

BOOST_AUTO_TEST_CASE(nested_aggregates_and_arrays_come_back) {
  const outer back = codec<outer>::decode(encoded(sample).data());
  BOOST_TEST((encoded(back) == encoded(sample)));
  BOOST_TEST((back.pair[1].b == -4 && back.how == level::low && back.flag));
  outer key{};
  ordered_key<outer>::decode_into(key, ordered(sample).data());
  BOOST_TEST((encoded(key) == encoded(sample)));
}

BOOST_AUTO_TEST_CASE(any_byte_but_zero_is_true) {
  const std::byte two{2};
  BOOST_TEST(codec<bool>::decode(&two) == true);
}

// Frozen: a change breaks every checkpoint.
BOOST_AUTO_TEST_CASE(golden_bytes) {
  BOOST_TEST(hex(encoded(sample)) == "04030201"
                                     "0605ff"
                                     "010002"
                                     "0300fc"
                                     "d4fe"
                                     "01");
  BOOST_TEST(hex(encoded(std::int64_t{-2})) == "feffffffffffffff");
  BOOST_TEST(hex(encoded(1.0)) == "000000000000f03f");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ordered_key_)

BOOST_AUTO_TEST_CASE(bytes_compare_as_the_integers_do) {
  for_types<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t,
            std::int32_t, std::uint64_t, std::int64_t, char>(
      [](auto zero) { keeps_order(ascending<decltype(zero)>()); });
}

BOOST_AUTO_TEST_CASE(bytes_compare_as_bools_and_enums_do) {
  keeps_order<bool>({false, true});
  keeps_order<level>({level::low, level::middle, level::high});
}

BOOST_AUTO_TEST_CASE(the_first_field_that_differs_decides) {
  keeps_order<inner>({{0, -128}, {0, -1}, {0, 0}, {0, 127}, {1, -128}, {256, -128}});
  keeps_order<std::array<std::int32_t, 2>>({{-1, 5}, {0, -5}, {0, 5}, {1, -9}});
}

// Frozen: a change breaks every checkpoint.
BOOST_AUTO_TEST_CASE(golden_bytes) {
  BOOST_TEST(hex(ordered(sample)) == "01020304"
                                     "05067f"
                                     "000182"
                                     "00037c"
                                     "7ed4"
                                     "01");
  BOOST_TEST(hex(ordered(std::uint64_t{0x0102})) == "0000000000000102");
  BOOST_TEST(hex(ordered(std::int32_t{-1})) == "7fffffff");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fixed)

BOOST_AUTO_TEST_CASE(a_type_is_described_by_its_encoding) {
  BOOST_TEST(type_description<std::uint64_t>() == "u64");
  BOOST_TEST(type_description<std::int8_t>() == "i8");
  BOOST_TEST(type_description<float>() == "f32");
  BOOST_TEST(type_description<bool>() == "bool");
  BOOST_TEST(type_description<level>() == "i16");
  BOOST_TEST((type_description<std::array<std::uint8_t, 16>>() == "[u8;16]"));
  BOOST_TEST(type_description<with_float>() == "{u32,f64}");
  BOOST_TEST(type_description<outer>() == "{u32,{u16,i8},[{u16,i8};2],i16,bool}");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_fixed
