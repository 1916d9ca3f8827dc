// What a run says with --json: one object a line, `event` and `time_ms` (UTC) first; the
// others are in docs/operations.md. Pure: the moment is a parameter.
#pragma once

#include "runtime/job_observer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

class json_events {
public:
  explicit json_events(std::int64_t time_ms) : time_ms_(time_ms) {}

  std::string configured(const std::filesystem::path& options) const;
  std::string started(const std::string& job_id,
                      const std::filesystem::path& job_directory) const;
  std::string restoring(const std::filesystem::path& checkpoint, bool claimed) const;
  std::string restored(checkpoint_id id, attempt_id attempt) const;
  std::string checkpoint(const completed_checkpoint& completed) const;
  std::string savepoint(const completed_checkpoint& completed) const;
  std::string restarting(const std::string& cause, attempt_id next,
                         std::chrono::milliseconds delay) const;
  std::string progress(std::chrono::nanoseconds elapsed,
                       const job_figures& figures) const;
  std::string warning(const std::string& of) const;
  std::string cancelling() const;
  /// `command`: the one that goes on with it.
  std::string ended(const job_report& report,
                    const std::optional<std::string>& command) const;
  /// Nothing to restore: null. `skipped`: operators that only the checkpoint has.
  std::string dry_run(const std::optional<std::filesystem::path>& checkpoint,
                      std::uint64_t tasks, const std::vector<std::string>& skipped) const;
  std::string failed(int exit_code, const std::string& message,
                     const std::optional<std::string>& resume = std::nullopt) const;

private:
  std::int64_t time_ms_;
};

} // namespace weir::cli
