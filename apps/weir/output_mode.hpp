// How commands tell what happens: lines on standard error, because a job that prints has
// standard output for itself, and exit codes.
#pragma once

namespace weir::cli {

enum class output_mode {
  text,  // lines; on a terminal also a view that is redrawn in place
  quiet, // warnings and errors only
  json,  // one JSON object a line
};

/// Exit code of a comparison with --exit-code; 1 is a disk that failed.
inline constexpr int they_differ = 5;

} // namespace weir::cli
