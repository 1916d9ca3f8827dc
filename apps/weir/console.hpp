// What a person sees of a run: lines on standard error, so that a job that prints keeps
// standard output for itself.
#pragma once

#include "runtime/run.hpp"

namespace weir::cli {

class console final : public job_observer {
public:
  void started(const std::string& job_id,
               const std::filesystem::path& job_directory) override;
  void restored(checkpoint_id id, attempt_id attempt) override;
  void completed(const completed_checkpoint& checkpoint) override;
  void restarting(const std::string& cause, attempt_id next,
                  std::chrono::milliseconds delay) override;
  void warned(const std::string& of) override;
  void finished(const job_report& report);
  /// `newest` is the checkpoint to resume from, if there is one.
  void cancelled(const job_report& report,
                 const std::optional<std::filesystem::path>& newest);
};

/// Runs the job on the calling thread and returns the exit code when it has finished or
/// was cancelled by a signal.
int run_on_console(const job& job, run_request request);

/// Calls `body` and returns what it does, or prints what it throws as one line and
/// returns the exit code of that. The last catch of every weir program.
int exit_code_of(int (*body)(int, const char* const*), int argc,
                 const char* const* argv) noexcept;

} // namespace weir::cli
