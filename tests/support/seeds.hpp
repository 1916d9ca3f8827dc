// Tests whose course is drawn from a number that replays it.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>

namespace weir::test {

/// Calls `run(seed)` for seeds 1 to `count`, or for the one that WEIR_SEED names; what
/// fails says which it was.
template <class Run>
void for_each_seed(std::uint64_t count, Run run) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  for (std::uint64_t seed = first; seed < first + (given ? 1 : count); ++seed)
    BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
      run(seed);
    }
}

} // namespace weir::test
