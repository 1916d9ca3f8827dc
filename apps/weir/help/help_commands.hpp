// Pages of the manual and completions: printed, or written where they are installed from.
#pragma once

#include "apps/weir/help/help_line.hpp"

namespace weir::cli {

/// The exit code. Throws weir::error.
int carry_out(const help_command& command);

} // namespace weir::cli
