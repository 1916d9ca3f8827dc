#include "state/run_order.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(run_order)

namespace {

using key_maker = std::function<std::string(std::mt19937_64&)>;

std::string big_endian(std::uint64_t value, std::size_t bytes) {
  std::string key(bytes, '\0');
  for (std::size_t i = 0; i < std::min(bytes, sizeof value); ++i)
    key[bytes - 1 - i] = static_cast<char>(value >> (8 * i));
  return key;
}

void sorts(std::size_t key_bytes, std::size_t rows, const key_maker& make) {
  std::mt19937_64 random(rows);
  weir::encoded_rows rows_in(weir::row_sizes{key_bytes, 3});
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < rows; ++i) {
    keys.push_back(make(random));
    BOOST_REQUIRE(keys.back().size() == key_bytes);
    if (key_bytes > 0)
      std::memcpy(rows_in.append(), keys.back().data(), key_bytes);
    else
      rows_in.append();
  }
  const auto order = weir::run_order(rows_in);
  BOOST_REQUIRE(order.size() == rows);
  auto once = order;
  std::ranges::sort(once);
  for (std::size_t i = 0; i < rows; ++i)
    BOOST_REQUIRE(once[i] == i);
  for (std::size_t i = 1; i < rows; ++i) // char_traits<char> compares as unsigned
    BOOST_REQUIRE(keys[order[i - 1]] <= keys[order[i]]);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_run_has_an_empty_order) {
  BOOST_TEST(weir::run_order(weir::encoded_rows(weir::row_sizes{8, 8})).empty());
}

BOOST_AUTO_TEST_CASE(keys_of_different_lengths_are_sorted_like_text) {
  std::mt19937_64 random(1);
  weir::encoded_rows rows(std::nullopt);
  std::vector<std::string> keys{"", std::string(1, '\0'), std::string(9, '\0')};
  while (keys.size() < 3000) { // few letters: long common beginnings
    std::string key(random() % 20, 'a');
    for (char& c : key)
      c = static_cast<char>(random() % 8 == 0 ? random() : 'a' + random() % 2);
    keys.push_back(key);
  }
  for (const std::string& key : keys)
    std::memcpy(rows.append({key.size(), 2}), key.data(), key.size());
  const auto order = weir::run_order(rows);
  BOOST_REQUIRE(order.size() == keys.size());
  std::set<std::uint32_t> once(order.begin(), order.end());
  BOOST_TEST(once.size() == keys.size());
  for (std::size_t i = 1; i < order.size(); ++i)
    BOOST_REQUIRE(keys[order[i - 1]] <= keys[order[i]]);
}

BOOST_AUTO_TEST_CASE(rows_of_any_size_keep_their_keys_and_values) {
  weir::encoded_rows rows(std::nullopt);
  const auto text = [](std::span<const std::byte> bytes) {
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  for (std::size_t i = 0; i < 200; ++i) { // up to more than a chunk
    std::byte* out = rows.append({i, i * i});
    std::memset(out, static_cast<int>('a' + i % 26), i);
    std::memset(out + i, static_cast<int>('A' + i % 26), i * i);
  }
  for (std::size_t i = 0; i < 200; ++i) {
    BOOST_REQUIRE(text(rows.key(i)) == std::string(i, static_cast<char>('a' + i % 26)));
    BOOST_REQUIRE(text(rows.value(i)) ==
                  std::string(i * i, static_cast<char>('A' + i % 26)));
  }
}

BOOST_AUTO_TEST_CASE(every_key_size_is_sorted) {
  for (std::size_t size = 1; size <= 40; ++size)
    for (const std::size_t rows : {1U, 2U, 300U})
      sorts(size, rows, [size](auto& random) {
        std::string key(size, '\0');
        for (char& c : key)
          c = static_cast<char>(random());
        return key;
      });
}

BOOST_AUTO_TEST_CASE(a_run_of_one_empty_key_is_sorted) {
  sorts(0, 1, [](auto&) { return std::string(); });
}

BOOST_AUTO_TEST_CASE(keys_that_vary_in_few_bytes_are_sorted) {
  for (const std::size_t range : {1U, 3U, 200U, 70000U, 20000000U})
    sorts(10, 20000, [range](auto& random) { return big_endian(random() % range, 10); });
}

BOOST_AUTO_TEST_CASE(scattered_bytes_that_vary_keep_their_significance) {
  sorts(24, 5000, [](auto& random) {
    std::string key(24, 'x');
    for (const std::size_t i : {0U, 7U, 8U, 15U, 23U})
      key[i] = static_cast<char>(random() % 3);
    return key;
  });
}

BOOST_AUTO_TEST_CASE(keys_that_differ_only_behind_the_prefix_are_sorted) {
  sorts(30, 5000, [](auto& random) {
    std::string key(30, '\0');
    const bool other = random() % 4 == 0; // makes all of the first bytes vary
    for (std::size_t i = 0; i < 12; ++i)
      key[i] = other ? '\xff' : '\1';
    const std::string tail = big_endian(random() % 2000, 18);
    key.replace(12, 18, tail);
    return key;
  });
}

BOOST_AUTO_TEST_SUITE_END()
