// A job under a seeded schedule whose power may be cut after any operation on its files:
// what its checkpoints and its output are worth then.
#pragma once

#include <cstdint>
#include <string>

namespace weir::testing {

struct power_cut_tally {
  std::uint64_t operations = 0;  // on files
  std::uint64_t looks = 0;       // at what would be left of an announced checkpoint
  std::uint64_t checkpoints = 0; // announced
  std::uint64_t cuts = 0;        // with a run from what was left
  std::uint64_t resumed = 0;     // of those, from a checkpoint
  std::string wrong;             // the first thing that was; empty: nothing
};

/// Runs a job to its end, after every third operation, or as WEIR_LOOK_EVERY has it,
/// looking at what would be left of its newest announced checkpoint, and from some of
/// these moments again, with what would be left then.
power_cut_tally cut_power(std::uint64_t seed);

} // namespace weir::testing
