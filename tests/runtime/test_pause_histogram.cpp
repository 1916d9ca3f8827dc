#include "runtime/pause_histogram.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

namespace weir::test::test_pause_histogram {

namespace {

using std::chrono::nanoseconds;

struct histogram_fixture {
  void record(std::uint64_t ns) {
    histogram.record(nanoseconds(static_cast<std::int64_t>(ns)));
  }
  std::uint64_t quantile(double share) const {
    return static_cast<std::uint64_t>(histogram.quantile(share).count());
  }
  /// The bound of the bucket that `ns` falls into.
  static std::uint64_t bound_of(std::uint64_t ns) {
    histogram_fixture two;
    two.record(ns);
    two.record(std::uint64_t{1} << 50); // or the greatest would bound the bucket
    return two.quantile(0.5);
  }

  pause_histogram histogram;
};

std::uint64_t seed() {
  const char* given = std::getenv("WEIR_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(pause_histogram, histogram_fixture)

BOOST_AUTO_TEST_CASE(an_empty_histogram_is_all_zero) {
  BOOST_TEST(histogram.count() == 0U);
  BOOST_TEST(histogram.max().count() == 0);
  BOOST_TEST(quantile(0.5) == 0U);
}

BOOST_AUTO_TEST_CASE(bucket_bounds_grow_and_are_at_most_an_eighth_above) {
  std::uint64_t before = 0;
  for (std::uint64_t ns = 0; ns < std::uint64_t{1} << 40; ns += 1 + ns / 50) {
    const std::uint64_t bound = bound_of(ns);
    BOOST_REQUIRE((bound >= ns && bound <= ns + ns / 8 && bound >= before));
    before = bound;
  }
}

BOOST_AUTO_TEST_CASE(powers_of_two_and_their_neighbours_are_bounded_closely) {
  for (unsigned power = 0; power <= 40; ++power)
    for (std::uint64_t ns = (std::uint64_t{1} << power) - 1, i = 0; i < 3; ++ns, ++i) {
      BOOST_TEST(bound_of(ns) >= ns);
      BOOST_TEST(bound_of(ns) <= ns + ns / 8);
    }
}

BOOST_AUTO_TEST_CASE(at_least_the_share_of_the_pauses_does_not_exceed_its_quantile) {
  for (const std::uint64_t ns : {1U, 2U, 3U})
    record(ns);
  BOOST_TEST(quantile(0.33) == 1U);
  BOOST_TEST(quantile(0.5) == 2U);
  BOOST_TEST(quantile(0.999) == 3U);
  BOOST_TEST(quantile(1) == 3U);
}

BOOST_AUTO_TEST_CASE(quantiles_are_right_within_an_eighth) {
  const std::uint64_t chosen = seed();
  BOOST_TEST_CONTEXT("WEIR_SEED=" << chosen) {
    std::mt19937_64 random(chosen);
    std::vector<std::uint64_t> all;
    for (int i = 0; i < 5001; ++i)
      all.push_back(random() >> (24 + random() % 40));
    std::for_each(all.begin(), all.end(), [this](std::uint64_t ns) { record(ns); });
    std::sort(all.begin(), all.end());
    for (const double share : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const double rank = std::ceil(share * static_cast<double>(all.size()));
      const std::uint64_t exact = all[static_cast<std::size_t>(rank) - 1];
      BOOST_TEST(quantile(share) >= exact);
      BOOST_TEST(quantile(share) <= exact + exact / 8);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_quantile_is_above_the_greatest_pause) {
  record(1000);
  BOOST_TEST(quantile(0.5) == 1000U);
  BOOST_TEST(histogram.max().count() == 1000);
}

BOOST_AUTO_TEST_CASE(a_clock_that_went_back_counts_as_no_pause) {
  histogram.record(nanoseconds(-5));
  BOOST_TEST(histogram.count() == 1U);
  BOOST_TEST(quantile(1) == 0U);
}

BOOST_AUTO_TEST_CASE(the_longest_duration_has_a_bucket) {
  histogram.record(nanoseconds::max());
  BOOST_TEST((histogram.quantile(1) == nanoseconds::max()));
}

BOOST_AUTO_TEST_CASE(merged_histograms_equal_one_that_saw_everything) {
  weir::pause_histogram left;
  weir::pause_histogram right;
  for (std::uint64_t ns = 0; ns < 3000; ns += 7) {
    record(ns);
    (ns % 2 ? left : right).record(nanoseconds(static_cast<std::int64_t>(ns)));
  }
  left.merge(right);
  BOOST_TEST(left.count() == histogram.count());
  BOOST_TEST((left.max() == histogram.max()));
  for (const double share : {0.1, 0.5, 0.9, 1.0})
    BOOST_TEST((left.quantile(share) == histogram.quantile(share)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_pause_histogram
