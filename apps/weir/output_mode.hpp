// How a run tells what happens, on standard error: a job that prints has standard output
// for itself.
#pragma once

namespace weir::cli {

enum class output_mode {
  text,  // lines; on a terminal also a view that is redrawn in place
  quiet, // warnings and errors only
  json,  // one JSON object a line
};

} // namespace weir::cli
