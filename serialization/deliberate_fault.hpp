// Mistakes that weir makes when it is told to, one at a time: each is to be caught by
// some test, or the tests that are to catch such mistakes do not. Only where weir is
// built with WEIR_FAULTS; in a product every one is false for the compiler, too. Not for
// headers of users, who are built without it.
#pragma once

#include "serialization/name_in.hpp"

namespace weir {

inline constexpr std::string_view deliberate_faults[] = {
    // Durability: what a power cut shows.
    "directory.not-synced",
    "file.not-synced",
    "output.not-synced",
    "metadata.not-synced",
    "shared-file.deleted-early",
    "prune.keeps-none",
    // Two phases.
    "commit.before-metadata",
    "commit.not-repeated",
    // The protocol.
    "alignment.skipped",
    "barrier.stale-accepted",
    "acknowledge.of-old-attempt",
    "in-flight.batch-forgotten",
    "row.lost-after-seal",
    "row.evicted-early",
    "deadline.lost-at-restore",
    "source.silent-after-end",
};

using deliberate_fault_name = name_in<deliberate_faults>;

#ifdef WEIR_FAULTS
/// Whether this mistake is to be made: the one that WEIR_FAULT names, or make_fault.
bool fault(deliberate_fault_name which);
#else
constexpr bool fault(deliberate_fault_name) {
  return false;
}
#endif

/// From now on, in this process; none of them for an empty name. For tests; only where
/// weir is built with WEIR_FAULTS. Throws failure::usage for one that there is not.
void make_fault(std::string_view name);

} // namespace weir
