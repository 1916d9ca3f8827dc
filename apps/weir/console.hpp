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
  void finished(const job_report& report);
};

/// Runs the job on the calling thread and returns when it has finished.
void run_on_console(const job& job, const run_request& request);

/// Calls `body`, prints what it throws as one line, and returns the exit code. The last
/// catch of every weir program.
int exit_code_of(void (*body)(int, const char* const*), int argc,
                 const char* const* argv) noexcept;

} // namespace weir::cli
