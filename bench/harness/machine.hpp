// What stands beside a figure: absolute ones belong to a machine and a day.
#pragma once

#include <string>

namespace weir::bench {

/// Today, as 2026-11-21.
std::string date_text();

/// Processors, their model, and memory, on one line.
std::string machine_text();

} // namespace weir::bench
