// What the verbs of `weir checkpoint` do. They print to standard output what was asked
// for, and throw weir::error or return an exit code for what is wrong.
#pragma once

#include "apps/weir/checkpoint_line.hpp"

namespace weir::cli {

int carry_out(const checkpoint_command& command);

} // namespace weir::cli
