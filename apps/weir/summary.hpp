// What a run says in text: while it runs, and at its end. Pure.
#pragma once

#include "runtime/job_observer.hpp"
#include "runtime/starting_point.hpp"

#include <optional>

namespace weir::cli {

/// FINISHED, CANCELLED or FAILED.
const char* status_of(const job_report& report);

/// The block of lines at the end of a job, each with its line end.
std::string summary_text(const job_report& report);

/// One line, for where nothing can be redrawn. `between`: since `before`.
std::string progress_text(std::chrono::nanoseconds elapsed, const job_figures& before,
                          const job_figures& now, std::chrono::nanoseconds between);

/// One line: what a run would begin with.
std::string dry_run_text(const starting_point& from);

} // namespace weir::cli
