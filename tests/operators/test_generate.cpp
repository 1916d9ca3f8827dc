#include "operators/io/generate.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;

namespace weir::test::test_generate {

namespace {

using next = poll_result::next;

auto random_numbers(std::uint64_t records) {
  return generate(records, [](std::uint64_t i, random_stream& random) {
    return i * 1'000'000 + random.below(1'000'000);
  });
}
auto indexes(std::uint64_t records) {
  return generate(records, [](std::uint64_t i, random_stream&) { return i; });
}

struct generate_fixture {
  template <class Instance>
  poll_result poll(Instance& from, std::size_t records_max) {
    return from.poll([this](std::uint64_t record) { got.push_back(record); }, records_max,
                     now);
  }
  template <class Instance>
  void drain(Instance& from) {
    while (poll(from, 7).what == next::more) {
    }
  }

  std::vector<std::uint64_t> got;
  steady_time now{1h};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(generate_, generate_fixture)

BOOST_AUTO_TEST_CASE(subtasks_share_all_indexes_without_gap_or_overlap) {
  for (const std::uint64_t records : {0U, 1U, 4U, 5U, 100U, 101U})
    for (std::uint32_t parallelism = 1; parallelism <= 5; ++parallelism) {
      got.clear();
      for (std::uint32_t subtask = 0; subtask < parallelism; ++subtask) {
        auto instance = indexes(records).open(subtask, parallelism);
        drain(instance);
      }
      BOOST_REQUIRE(got.size() == records);
      for (std::uint64_t i = 0; i < records; ++i)
        BOOST_REQUIRE(got[i] == i);
    }
}

BOOST_AUTO_TEST_CASE(what_is_left_is_shared_by_any_number_of_subtasks) {
  for (std::uint32_t before = 1; before <= 4; ++before)
    for (std::uint32_t between = 1; between <= 4; ++between)
      for (std::uint32_t after = 1; after <= 4; ++after) {
        got.clear();
        operator_parts parts;
        for (const std::uint32_t parallelism : {before, between, after}) {
          const operator_parts earlier = std::exchange(parts, {});
          for (std::uint32_t subtask = 0; subtask < parallelism; ++subtask) {
            auto instance = indexes(100).open(subtask, parallelism);
            operator_start start{.before = earlier.empty() ? nullptr : &earlier,
                                 .subtask = subtask,
                                 .parallelism = parallelism};
            instance.start(start);
            poll(instance, 7);
            poll(instance, 7);
            parts.push_back(instance.position());
          }
        }
        for (std::uint32_t subtask = 0; subtask < after; ++subtask) {
          auto instance = indexes(100).open(subtask, after);
          instance.start({.saved = &*parts[subtask]});
          drain(instance);
        }
        std::ranges::sort(got);
        BOOST_REQUIRE(got.size() == 100U);
        for (std::uint64_t i = 0; i < got.size(); ++i)
          BOOST_REQUIRE(got[i] == i);
      }
}

BOOST_AUTO_TEST_CASE(a_saved_position_resumes_with_the_very_next_record) {
  auto whole = random_numbers(100).open(1, 2);
  drain(whole);
  const auto expected = std::exchange(got, {});
  for (std::size_t cut = 0; cut <= 50; cut += 5) {
    auto first = random_numbers(100).open(1, 2);
    poll(first, cut);
    const auto saved = first.position();
    auto second = random_numbers(100).open(1, 2);
    second.start({&saved, false});
    drain(second);
    BOOST_TEST((std::exchange(got, {}) == expected));
  }
}

BOOST_AUTO_TEST_CASE(a_position_of_another_source_is_refused) {
  const std::vector<std::byte> saved(3);
  auto instance = indexes(10).open(0, 1);
  BOOST_CHECK_THROW(instance.start({&saved, false}), error);
}

BOOST_AUTO_TEST_CASE(another_seed_draws_other_numbers) {
  auto one = random_numbers(20).open(0, 1);
  auto other = random_numbers(20).seed(2).open(0, 1);
  drain(one);
  const auto first = std::exchange(got, {});
  drain(other);
  BOOST_TEST((got != first));
}

BOOST_AUTO_TEST_CASE(a_poll_emits_no_more_than_it_may) {
  auto instance = indexes(10).open(0, 1);
  BOOST_TEST((poll(instance, 4).what == next::more));
  BOOST_TEST(got.size() == 4U);
  BOOST_TEST((poll(instance, 100).what == next::ended));
  BOOST_TEST(got.size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_paced_source_emits_what_is_due_and_says_when_to_come_back) {
  auto instance = indexes(100).records_per_second(10).open(0, 1);
  poll(instance, 50);
  BOOST_TEST(got.size() == 1U);
  const auto waiting = poll(instance, 50);
  BOOST_TEST((waiting.what == next::wait && waiting.wake_at == now + 100ms));
  now = waiting.wake_at;
  poll(instance, 50);
  BOOST_TEST(got.size() == 2U);
  now += 1s;
  poll(instance, 50);
  BOOST_TEST(got.size() == 12U);
}

BOOST_AUTO_TEST_CASE(waking_at_the_time_told_always_finds_a_record) {
  for (const std::uint64_t pace : {3U, 7U, 999U, 123'457U}) {
    auto instance = indexes(1000).records_per_second(pace).open(0, 1);
    for (poll_result last; last.what != next::ended; last = poll(instance, 1))
      if (last.what == next::wait) {
        now = last.wake_at;
        BOOST_REQUIRE((poll(instance, 1).what != next::wait));
      }
  }
}

BOOST_AUTO_TEST_CASE(subtasks_share_the_pace) {
  auto instance = indexes(1000).records_per_second(100).open(0, 4);
  poll(instance, 1000);
  now += 1s;
  poll(instance, 1000);
  BOOST_TEST(got.size() == 26U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_generate
