// What a job costs to build: the compiler run on a committed job of some 200 lines, with
// the command this tree was configured with.
#pragma once

#include "bench/harness/figures.hpp"

namespace weir::bench {

/// One compilation, or none but the check of the syntax if `quick`. Extra figures:
/// "cpu_s" and "wall_s" of the compiler, and "header_lines", of operators/weir.hpp after
/// the preprocessor.
run_figures run_compile(bool quick);

} // namespace weir::bench
