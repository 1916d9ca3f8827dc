// Every named crash point, hit a first and a second time, in rounds of a job that is
// resumed after each death.
#pragma once

#include "tests/crash/crash_round.hpp"

namespace weir::testing {

struct chosen_points {
  std::string only; // if not empty: this one
  /// The first, second, ... of so many equal parts.
  std::uint64_t part = 1;
  std::uint64_t parts = 1;
};

/// Throws violation for a point that is never come to, and for what a round throws. Stops
/// at the first round whose output is not as it should be.
void hit_points(const chosen_points& chosen, const crash_programs& programs,
                const std::filesystem::path& place, std::uint64_t seed,
                crash_tally& tally);

} // namespace weir::testing
