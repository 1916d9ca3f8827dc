// What a person, or a script, sees of a run, on standard error. The job's threads tell
// what happens; a ticker looks at the figures in between.
#pragma once

#include "apps/weir/output_mode.hpp"
#include "runtime/run.hpp"
#include "serialization/error.hpp"

#include <memory>

namespace weir::cli {

class console : public job_observer {
public:
  /// A first signal has come.
  virtual void cancelling() = 0;
};

/// On a terminal the text is a live view, unless the job itself prints there.
std::unique_ptr<console> open_console(output_mode mode, const job& job);

/// Runs the job on the calling thread and returns the exit code when it has finished or
/// was cancelled by a signal.
int run_on_console(const job& job, run_request request, output_mode mode);

/// Says what a run would begin with, or every reason why it would be refused, one line
/// each. Returns the exit code.
int try_on_console(const job& job, const run_request& request, output_mode mode);

/// Says which file of options is read though nobody has named it; --quiet does not want
/// to know.
void tell_found(const std::filesystem::path& options, output_mode mode);
void tell_warning(output_mode mode, const std::string& of);
/// One line, or one event; returns the exit code.
int tell_failure(output_mode mode, failure kind, const std::string& message);

/// Sets the mode once it knows it.
using program_body = int (*)(int, const char* const*, output_mode&);

/// Calls `body` and returns what it does, or prints what it throws as one line and
/// returns the exit code of that. The last catch of every weir program.
int exit_code_of(program_body body, int argc, const char* const* argv) noexcept;

} // namespace weir::cli
