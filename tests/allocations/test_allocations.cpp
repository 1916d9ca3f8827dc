// Records with text cost no allocation: in a program whose operator new counts. What it
// counts are all calls between two turns of a job that has warmed up.
#include "operators/weir.hpp"
#include "tests/support/looping_outbox.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;

void* counted_allocation(std::size_t bytes) {
  ++allocations;
  if (void* const memory = std::malloc(bytes))
    return memory;
  throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t bytes) {
  return counted_allocation(bytes);
}
void* operator new[](std::size_t bytes) {
  return counted_allocation(bytes);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace weir::test::test_allocations {

namespace {

template <class Text>
struct visit {
  Text user;
  Text page;
  Text agent;
  std::uint64_t number;
};

constexpr std::uint64_t records = 200'000;

/// Text of 20 to 120 characters, of which there are few.
template <class Text>
auto visits() {
  std::vector<std::string> names;
  for (std::size_t size = 20; size <= 120; ++size)
    names.push_back(std::string(size, 'x') + std::to_string(size));
  return generate(records, [names](std::uint64_t i, random_stream& random) {
    const auto any = [&] { return Text(names[random.below(names.size())]); };
    return visit<Text>{any(), any(), any(), i};
  });
}

/// How often the job allocates in the second half of its turns.
std::size_t allocations_of(job& target) {
  std::vector<std::size_t> seen;
  seen.reserve(records); // more than there are turns
  looping_outbox between;
  run_two_tasks(target, between, [&seen] { seen.push_back(allocations); });
  BOOST_REQUIRE(seen.size() > 20U);
  return seen.back() - seen[seen.size() / 2];
}

template <class Text, class Define>
std::size_t allocations_behind_key_by(Define define) {
  job target;
  define(target.source("visits", visits<Text>()).key_by(&visit<Text>::user));
  return allocations_of(target);
}

} // namespace

BOOST_AUTO_TEST_SUITE(allocations)

BOOST_AUTO_TEST_CASE(strings_are_counted) {
  const auto some = allocations_behind_key_by<std::string>(
      [](auto keyed) { keyed.sink("out", discard()); });
  BOOST_TEST(some > records / 2); // or the test sees nothing
}

BOOST_AUTO_TEST_CASE(an_exchange_of_texts_allocates_nothing) {
  const auto none =
      allocations_behind_key_by<text>([](auto keyed) { keyed.sink("out", discard()); });
  BOOST_TEST(none == 0U);
}

BOOST_AUTO_TEST_CASE(a_count_by_text_allocates_nothing) {
  const auto none = allocations_behind_key_by<text>(
      [](auto keyed) { keyed.count("counts").sink("out", discard()); });
  BOOST_TEST(none == 0U);
}

BOOST_AUTO_TEST_CASE(a_fold_that_keeps_texts_allocates_nothing) {
  const auto none = allocations_behind_key_by<text>([](auto keyed) {
    keyed.reduce("last", [](const auto&, const auto& next) { return next; })
        .sink("out", discard());
  });
  BOOST_TEST(none < records / 1000); // now and then texts of one size are many
}

BOOST_AUTO_TEST_CASE(words_of_lines_allocate_nothing) {
  job target;
  target
      .source("lines", generate(records,
                                [](std::uint64_t i, random_stream&, text_arena& texts) {
                                  char line[] = "some words and extraordinarily-long 1";
                                  line[sizeof line - 2] = static_cast<char>('0' + i % 10);
                                  return texts.copy(line);
                                }))
      .flat_map<text>([](const text& line, auto& words) {
        for (const std::string_view word : split(line))
          words.emit(text(word));
      })
      .key_by(std::identity{})
      .count("words")
      .sink("out", discard());
  BOOST_TEST(allocations_of(target) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_allocations
