#include "serialization/holds_text.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#if defined(__SANITIZE_ADDRESS__)
extern "C" int __asan_address_is_poisoned(void const volatile* address);
#endif

namespace weir::test::test_text_arena {

namespace {

struct nest {
  text first;
  std::vector<std::optional<text>> some;
  std::variant<std::uint32_t, text> either;
  std::map<int, std::pair<text, int>> by_number;
};

std::string long_text(char letter, std::size_t size = 40) {
  return std::string(size, letter);
}

} // namespace

BOOST_AUTO_TEST_SUITE(text_arena_)

BOOST_AUTO_TEST_CASE(copies_stay_when_what_they_were_made_of_is_gone) {
  with_seed([](random_records& random) {
    text_arena arena;
    std::vector<std::string> expected;
    std::vector<text> copies;
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 2000; ++i) {
        std::string one = i % 500 == 0 ? long_text('h', 3 << 17) : random.text();
        expected.push_back(one);
        copies.push_back(arena.copy(one));
        one.assign(one.size(), '!');
      }
      for (std::size_t i = 0; i < copies.size(); ++i)
        BOOST_REQUIRE((copies[i] == expected[i]));
      arena.clear();
      expected.clear();
      copies.clear();
    }
  });
}

BOOST_AUTO_TEST_CASE(short_texts_take_no_memory) {
  text_arena arena;
  BOOST_TEST((arena.copy("twelve bytes") == "twelve bytes"));
  BOOST_TEST(arena.capacity() == 0U);
}

BOOST_AUTO_TEST_CASE(memory_is_kept_and_used_again) {
  text_arena arena;
  const auto fill = [&arena] {
    for (int i = 0; i < 1000; ++i)
      arena.copy(long_text('x', 100));
  };
  fill();
  const std::size_t once = arena.capacity();
  for (int round = 0; round < 10; ++round) {
    arena.clear();
    fill();
  }
  BOOST_TEST(arena.capacity() == once);
}

BOOST_AUTO_TEST_CASE(the_memory_of_a_huge_text_is_not_kept) {
  text_arena arena;
  arena.copy(long_text('x', 2 << 20));
  BOOST_TEST(arena.capacity() >= std::size_t{2} << 20);
  arena.clear();
  BOOST_TEST(arena.capacity() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_that_moves_takes_its_texts_along) {
  text_arena first;
  const text kept = first.copy(long_text('k'));
  text_arena second = std::move(first);
  second.copy(long_text('l'));
  BOOST_TEST((kept == long_text('k')));
  first = std::move(second);
  BOOST_TEST((kept == long_text('k')));
}

BOOST_AUTO_TEST_CASE(every_text_of_a_record_is_copied_wherever_it_stands) {
  text_arena arena;
  nest copied;
  {
    const std::string source = long_text('s');
    const text from(source);
    copied = {from, {from, std::nullopt, from}, from, {{1, {from, 2}}, {3, {from, 4}}}};
    copy_texts(copied, arena);
  }
  int texts = 0;
  for_each_text(copied, [&](const text& each) {
    BOOST_TEST((each == long_text('s')));
    ++texts;
  });
  BOOST_TEST(texts == 6);
}

#if defined(__SANITIZE_ADDRESS__)
BOOST_AUTO_TEST_CASE(a_text_that_outlives_its_arena_is_poisoned) {
  text_arena arena;
  const text first = arena.copy(long_text('a'));
  const text last = arena.copy(long_text('b'));
  BOOST_TEST(!__asan_address_is_poisoned(first.data()));
  arena.clear();
  BOOST_TEST(__asan_address_is_poisoned(first.data()));
  BOOST_TEST(__asan_address_is_poisoned(last.data() + last.size() - 1));
  arena.copy(long_text('c')); // in the place of the first one
  BOOST_TEST(!__asan_address_is_poisoned(first.data()));
  BOOST_TEST(__asan_address_is_poisoned(last.data() + last.size() - 1));
}
#endif

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_text_arena
