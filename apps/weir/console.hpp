// What a person, or a script, sees of a run, on standard error. The job's threads tell
// what happens; a ticker looks at the figures in between.
#pragma once

#include "apps/weir/output_mode.hpp"
#include "apps/weir/run_line.hpp"
#include "runtime/run.hpp"
#include "serialization/error.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace weir::cli {

class console : public job_observer {
public:
  explicit console(invocation how) : how_(std::move(how)) {}

  /// A first signal has come.
  virtual void cancelling() = 0;
  /// The job has failed, and people were told why: how to go on with it.
  virtual void failed() = 0;
  /// The process does, without a thread: why, and how to go on if anything is kept.
  virtual void ends_at_once(const std::string& problem,
                            const std::optional<std::string>& resume) = 0;

  /// The command that goes on with `checkpoint`.
  std::string command_for(const std::filesystem::path& checkpoint,
                          const std::filesystem::path& job_directory) const {
    return resume_command(how_, checkpoint, job_directory);
  }
  /// That which goes on with a job that has ended; none: there is nothing to go on with.
  std::optional<std::string> command_after(const job_report& report) const {
    if (!report.resume_from)
      return std::nullopt;
    return command_for(*report.resume_from, report.checkpoint_directory);
  }

private:
  invocation how_;
};

/// On a terminal the text is a live view, unless the job itself prints there.
std::unique_ptr<console> open_console(output_mode mode, const job& job, invocation how);

/// What comes before the job is made: says what people should know of its options, and
/// goes where a job ran that goes on, when the process of then is gone.
void prepare(const run_command& command);

/// Runs the job on the calling thread and returns the exit code when it is over.
int run_on_console(const job& job, run_command command);

/// Says what a run would begin with, or every reason why it would be refused, one line
/// each. Returns the exit code.
int try_on_console(const job& job, const run_command& command);

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
