#include "state/hash.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <set>
#include <vector>

namespace weir::test::test_hash {

namespace {

enum class colour : std::uint8_t { red, blue = 7 };
struct point {
  std::int32_t x;
  std::int32_t y;
};
using key_maker = std::function<std::uint64_t(std::uint64_t)>;

constexpr std::size_t keys = 1 << 17;

/// Sequential keys, and multiples of 2^k for every k that leaves room.
std::vector<std::pair<std::string, key_maker>> regular_keys() {
  std::vector<std::pair<std::string, key_maker>> all;
  for (unsigned shift = 0; shift <= 46; ++shift)
    all.emplace_back("multiples of 2^" + std::to_string(shift),
                     [shift](std::uint64_t i) { return i << shift; });
  all.emplace_back("descending", [](std::uint64_t i) { return ~i; });
  all.emplace_back("thousands", [](std::uint64_t i) { return i * 1000; });
  return all;
}

/// The fullest of 2^bits buckets that the bits from `shift` on choose.
std::size_t fullest(const key_maker& key, unsigned shift, unsigned bits) {
  std::vector<std::size_t> buckets(std::size_t{1} << bits);
  for (std::uint64_t i = 0; i < keys; ++i)
    ++buckets[(hash_of(key(i)) >> shift) & (buckets.size() - 1)];
  return *std::max_element(buckets.begin(), buckets.end());
}

/// No bucket is fuller than eight standard deviations above the mean of random keys.
void spreads(unsigned shift, unsigned bits) {
  const double mean = std::ldexp(static_cast<double>(keys), -static_cast<int>(bits));
  const auto most = static_cast<std::size_t>(mean + 8 * std::sqrt(mean) + 1);
  for (const auto& [name, key] : regular_keys())
    BOOST_TEST(fullest(key, shift, bits) <= most, name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(hash)

// Frozen: a change breaks every checkpoint.
BOOST_AUTO_TEST_CASE(golden_values) {
  BOOST_TEST(hash_of(std::uint64_t{0}) == 0xc9d874ca57d9e055ULL);
  BOOST_TEST(hash_of(std::uint64_t{1}) == 0xf2f37271ad33e225ULL);
  BOOST_TEST(hash_of(std::uint64_t{42}) == 0xb91aa8b621c7a50ULL);
  BOOST_TEST(hash_of(~std::uint64_t{0}) == 0x8e1a4acd601c1d69ULL);
  BOOST_TEST(hash_of(std::int32_t{-1}) == 0x8e1a4acd601c1d69ULL);
  BOOST_TEST(hash_of(true) == 0xf2f37271ad33e225ULL);
  BOOST_TEST(hash_of(colour::blue) == 0x4c9d70e160cfe901ULL);
  BOOST_TEST(hash_of(point{3, -4}) == 0x7f94851fbcd706e6ULL);
  BOOST_TEST((hash_of(std::array<std::uint8_t, 3>{1, 2, 3}) == 0x62e31884bf1dc45fULL));
}

// Frozen likewise.
BOOST_AUTO_TEST_CASE(golden_values_of_keys_of_any_length) {
  using std::string;
  BOOST_TEST(hash_of(string()) == 0x1137509a84ab7784ULL);
  BOOST_TEST(hash_of(string("a")) == 0xc023ab84347be996ULL);
  BOOST_TEST(hash_of(string("12345678")) == 0x718f71ed6f05a1c2ULL);
  BOOST_TEST(hash_of(string("123456789")) == 0x37aa71e02090b05aULL);
  BOOST_TEST(hash_of(std::vector<std::uint64_t>{1, 2}) == 0x8833324adcf465d9ULL);
  BOOST_TEST(hash_of(std::optional<std::uint64_t>()) == 0xc9d874ca57d9e055ULL);
  BOOST_TEST(hash_of(std::optional<std::uint64_t>(0)) == 0xce5493285151a4bfULL);
  BOOST_TEST(hash_of(std::pair<string, bool>("a", true)) == 0xf72e30135a67dbf8ULL);
  BOOST_TEST(hash_of(std::chrono::milliseconds(5)) == 0x9eaf6d50579bec66ULL);
  BOOST_TEST((hash_of(std::variant<bool, string>("a")) == 0x87a6aea8d9db30eeULL));
}

BOOST_AUTO_TEST_CASE(both_kinds_of_text_have_one_hash) {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string string(length, static_cast<char>('a' + length));
    BOOST_TEST(hash_of(text(string)) == hash_of(string));
  }
  const std::string name = "of more than twelve characters";
  BOOST_TEST(hash_of(std::pair(text(name), true)) == hash_of(std::pair(name, true)));
  static_assert(!cheap_to_hash<text>);
}

BOOST_AUTO_TEST_CASE(text_that_differs_in_zeros_only_has_different_hashes) {
  std::set<std::uint64_t> hashes;
  for (std::size_t length = 0; length < 40; ++length)
    hashes.insert(hash_of(std::string(length, '\0')));
  BOOST_TEST(hashes.size() == 40U);
}

BOOST_AUTO_TEST_CASE(the_slot_bits_spread_regular_keys) {
  spreads(0, 10);
}

BOOST_AUTO_TEST_CASE(the_directory_bits_spread_regular_keys) {
  spreads(10, 12);
}

BOOST_AUTO_TEST_CASE(the_bits_of_the_key_group_spread_regular_keys) {
  spreads(57, 7);
  spreads(49, 15);
  spreads(32, 16);
}

BOOST_AUTO_TEST_CASE(one_flipped_bit_changes_many_bits_of_the_hash) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    int changed = 0;
    for (std::uint64_t i = 0; i < 1000; ++i)
      changed += std::popcount(hash_of(i * 7919) ^
                               hash_of((i * 7919) ^ (std::uint64_t{1} << bit)));
    BOOST_TEST(changed > 20 * 1000, "bit " << bit << ": " << changed);
  }
}

BOOST_AUTO_TEST_CASE(the_order_of_fields_matters) {
  BOOST_TEST(hash_of(point{1, 2}) != hash_of(point{2, 1}));
  BOOST_TEST(hash_of(point{0, 0}) != hash_of(point{0, 1}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_hash
