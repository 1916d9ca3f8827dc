// `weir config`: what its verbs do.
#pragma once

#include "apps/weir/config_line.hpp"

namespace weir::cli {

/// Returns the exit code.
int carry_out(const config_command& command);

} // namespace weir::cli
