#include "state/text_pool.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

#if defined(__SANITIZE_ADDRESS__)
extern "C" int __asan_address_is_poisoned(void const volatile* address);
#endif

namespace weir::test::test_text_pool {

namespace {

struct names {
  text first;
  text second;
};

std::string of(char letter, std::size_t size) {
  return std::string(size, letter);
}

struct pool_fixture {
  void set_first(const std::string& to) {
    pool.update(value, [&] { value.first = text(to); });
  }

  text_pool pool;
  names value;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(text_pool_, pool_fixture)

BOOST_AUTO_TEST_CASE(texts_of_every_size_are_kept) {
  std::vector<names> all(3000);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string source = of(static_cast<char>('a' + i % 26), i * 13);
    pool.update(all[i], [&] { all[i].second = text(source); });
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    BOOST_REQUIRE((all[i].second == of(static_cast<char>('a' + i % 26), i * 13)));
}

BOOST_AUTO_TEST_CASE(short_texts_take_no_memory) {
  set_first(of('x', 12));
  BOOST_TEST(pool.capacity() == 0U);
}

BOOST_AUTO_TEST_CASE(a_text_that_stays_is_not_copied) {
  set_first(of('x', 50));
  const char* const where = value.first.data();
  pool.update(value, [this] { value.second = text("another one that is long"); });
  BOOST_TEST((value.first.data() == where));
}

BOOST_AUTO_TEST_CASE(texts_may_change_places_and_be_doubled) {
  set_first(of('x', 50));
  pool.update(value, [this] { value.second = value.first; });
  BOOST_TEST((value.first.data() != value.second.data()));
  pool.update(value, [this] {
    value.second = text(value.first.view().substr(10));
    value.first = text(value.first.view().substr(0, 30));
  });
  BOOST_TEST((value.second == of('x', 40) && value.first == of('x', 30)));
  pool.update(value, [this] { std::swap(value.first, value.second); });
  BOOST_TEST((value.first == of('x', 40) && value.second == of('x', 30)));
}

BOOST_AUTO_TEST_CASE(overwriting_uses_the_same_memory_again) {
  const auto overwrite = [this] {
    for (std::size_t size = 0; size < 70'000; size += 97)
      set_first(of('y', size));
  };
  overwrite();
  const std::size_t once = pool.capacity();
  for (int round = 0; round < 5; ++round)
    overwrite();
  BOOST_TEST(pool.capacity() == once);
}

BOOST_AUTO_TEST_CASE(a_value_may_have_many_texts) {
  std::vector<text> list;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 400; ++i) {
    const std::string fresh = of(static_cast<char>('a' + i % 26), 20 + i);
    pool.update(list, [&] { list.push_back(text(fresh)); });
    expected.push_back(fresh);
    if (i % 3 != 0)
      continue;
    pool.update(list, [&] { list.erase(list.begin()); });
    expected.erase(expected.begin());
    pool.update(list, [&] { std::ranges::reverse(list); });
    std::ranges::reverse(expected);
    BOOST_REQUIRE(std::equal(list.begin(), list.end(), expected.begin(), expected.end()));
  }
}

BOOST_AUTO_TEST_CASE(a_huge_text_gives_its_memory_back) {
  set_first(of('x', 100'000));
  BOOST_TEST(pool.capacity() == 100'000U);
  set_first("");
  BOOST_TEST(pool.capacity() == 0U);
}

#if defined(__SANITIZE_ADDRESS__)
BOOST_AUTO_TEST_CASE(a_text_that_was_replaced_is_poisoned) {
  set_first(of('x', 50));
  const text before = value.first;
  set_first(of('y', 500));
  BOOST_TEST(__asan_address_is_poisoned(before.data()));
  BOOST_TEST(__asan_address_is_poisoned(before.data() + before.size() - 1));
  BOOST_TEST(!__asan_address_is_poisoned(value.first.data()));
}
#endif

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_text_pool
