#include "state/hash.hpp"
#include "state/key_group.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace weir::test::test_key_group {

namespace {

constexpr std::uint32_t bounds[] = {1, 2, 3, 7, 10, 127, 128, 129, 1000, 4096, 32768};

} // namespace

BOOST_AUTO_TEST_SUITE(key_group)

BOOST_AUTO_TEST_CASE(ranges_are_those_of_flink) {
  struct known {
    std::uint32_t subtask, parallelism, max_parallelism;
    key_group_range range;
  };
  for (const known& k :
       {known{0, 1, 128, {0, 127}}, known{0, 2, 128, {0, 63}},
        known{1, 2, 128, {64, 127}}, known{0, 3, 10, {0, 3}}, known{1, 3, 10, {4, 6}},
        known{2, 3, 10, {7, 9}}, known{0, 3, 128, {0, 42}}, known{1, 3, 128, {43, 85}},
        known{2, 3, 128, {86, 127}}})
    BOOST_TEST((key_groups_of(k.subtask, k.parallelism, k.max_parallelism) == k.range),
               k.subtask << " of " << k.parallelism << " at " << k.max_parallelism);
}

BOOST_AUTO_TEST_CASE(every_group_belongs_to_exactly_the_subtask_whose_range_has_it) {
  for (const std::uint32_t max_parallelism : bounds)
    for (const std::uint32_t parallelism : bounds) {
      std::uint32_t next = 0; // the ranges follow each other without a gap
      for (std::uint32_t i = 0; parallelism <= max_parallelism && i < parallelism; ++i) {
        const auto range = key_groups_of(i, parallelism, max_parallelism);
        BOOST_REQUIRE(range.first == next);
        for (; next <= range.last; ++next)
          if (subtask_of(static_cast<weir::key_group>(next), parallelism,
                         max_parallelism) != i)
            BOOST_FAIL("group " << next << " is not with subtask " << i);
      }
      BOOST_REQUIRE((parallelism > max_parallelism || next == max_parallelism));
    }
}

BOOST_AUTO_TEST_CASE(the_group_is_the_share_of_the_top_32_bits) {
  for (const std::uint32_t max_parallelism : bounds) {
    BOOST_TEST(key_group_of(0, max_parallelism) == 0U);
    BOOST_TEST(key_group_of(0xffffffff, max_parallelism) == 0U);
    BOOST_TEST(key_group_of(~std::uint64_t{0}, max_parallelism) == max_parallelism - 1);
  }
  BOOST_TEST(key_group_of(std::uint64_t{1} << 63, 128) == 64U);
}

// Frozen: a change breaks every checkpoint.
BOOST_AUTO_TEST_CASE(golden_values) {
  const weir::key_group at_128[] = {100, 121, 63, 83, 58, 79, 13, 38};
  for (std::uint64_t key = 0; key < 8; ++key)
    BOOST_TEST(key_group_of(hash_of(key), 128) == at_128[key]);
}

BOOST_AUTO_TEST_CASE(a_job_that_does_not_choose_has_room_to_grow) {
  BOOST_TEST(default_max_parallelism(1) == 128U);
  BOOST_TEST(default_max_parallelism(85) == 128U);
  BOOST_TEST(default_max_parallelism(86) == 256U);
  BOOST_TEST(default_max_parallelism(100) == 256U);
  BOOST_TEST(default_max_parallelism(32768) == 32768U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_key_group
