// What `weir state` does.
#pragma once

#include "apps/weir/inspect/state_line.hpp"

namespace weir::cli {

/// Returns the exit code; throws weir::error.
int carry_out(const state_command& command);

} // namespace weir::cli
