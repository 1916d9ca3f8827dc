// Every named crash point, hit a first and a second time, in rounds of a job that is
// resumed after each death.
#pragma once

#include "tests/crash/crash_round.hpp"

namespace weir::testing {

/// Throws violation for a point that is never come to, and for what a round throws. Stops
/// at the first round whose output is not as it should be. `only`, if not empty: this
/// point alone.
void hit_every_point(const crash_programs& programs, const std::filesystem::path& place,
                     std::uint64_t seed, std::string_view only, crash_tally& tally);

} // namespace weir::testing
