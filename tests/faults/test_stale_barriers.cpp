// A barrier of a checkpoint that is done counts for no other one, in whatever order
// barriers come and checkpoints are given up.
#include "operators/random.hpp"
#include "runtime/barrier_aligner.hpp"
#include "tests/faults/making_fault.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace weir::testing {

namespace {

constexpr std::size_t channels = 3;
constexpr std::uint64_t seeds = 200;

/// Whether a checkpoint was called aligned of which a channel has not brought the
/// barrier.
bool aligns_too_early(std::uint64_t seed) {
  random_stream draw(seed, 0);
  barrier_aligner aligner(channels);
  std::vector<std::uint64_t> brought(channels, 0);
  for (int step = 0; step < 300; ++step) {
    const std::size_t channel = draw.below(channels);
    if (draw.below(6) == 0)
      aligner.abandon({brought[channel] + draw.below(2)});
    if (aligner.held(channel) || brought[channel] > 40)
      continue;
    const auto verdict = aligner.barrier(channel, {++brought[channel]});
    if (verdict != barrier_aligner::verdict::aligned)
      continue;
    for (const std::uint64_t newest : brought)
      if (newest < aligner.aligned().value)
        return true;
  }
  return false;
}

std::uint64_t seeds_with_early_ones() {
  std::uint64_t found = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    found += aligns_too_early(seed);
  return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stale_barriers)

BOOST_AUTO_TEST_CASE(none_counts_for_another_checkpoint) {
  BOOST_TEST(seeds_with_early_ones() == 0U);
}

BOOST_AUTO_TEST_CASE(a_mistake_is_noticed) {
  const making_fault made("barrier.stale-accepted");
  BOOST_TEST(seeds_with_early_ones() > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing
