// What differs between two checkpoints, for people and for programs (docs/schemas).
#pragma once

#include "state/inspect/checkpoint_difference.hpp"

#include <string>

namespace weir::cli {

std::string text_of(const checkpoint_difference& difference,
                    const located_checkpoint& before, const located_checkpoint& after);
/// One object in one line.
std::string json_of(const checkpoint_difference& difference,
                    const located_checkpoint& before, const located_checkpoint& after);

} // namespace weir::cli
