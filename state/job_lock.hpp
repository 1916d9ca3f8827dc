// Who works on a job directory: the job that runs there, or a command that removes or
// adds a checkpoint. Whoever it is holds a lock on work/lock, which the kernel lets go
// when the process dies.
#pragma once

#include "state/storage/local_files.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace weir {

inline constexpr std::string_view lock_name = "lock";
/// How the directories of the attempts of a running job begin, in work/.
inline constexpr std::string_view attempt_prefix = "attempt-";

/// The lock, with `work` and the file created if need be; nothing and why if it cannot be
/// had: EWOULDBLOCK when somebody else has it.
file_descriptor try_lock_work(const std::filesystem::path& work, int& error_number);

/// Whether somebody has it. Changes nothing on disk.
bool is_in_use(const std::filesystem::path& job);

/// What to do about it where one wants to run.
inline constexpr std::string_view other_job_id =
    "stop that job or choose another job id (--job-id)";

/// "the job directory ... is in use by a running job; <remedy>"
std::string in_use_text(const std::filesystem::path& job, std::string_view remedy);

/// Removes the work directories that dead jobs left in the job directories of `root`, but
/// `own`, by way of `work`, which is locked.
void sweep_dead_jobs(const std::filesystem::path& root, const std::filesystem::path& own,
                     const std::filesystem::path& work);

/// A directory that a running job has for itself, for as long as this lives.
class occupied_directory {
public:
  /// Makes it, durably, and removes what dead jobs left in its work/ and beside it.
  /// Throws failure::usage if it cannot be made, and tells to choose another with
  /// `option`; failure::restore_refused if a job runs there.
  occupied_directory(const std::filesystem::path& job, std::string_view option);
  /// Takes away work/, and the directory if that was all.
  ~occupied_directory();
  occupied_directory(const occupied_directory&) = delete;
  occupied_directory& operator=(const occupied_directory&) = delete;

private:
  std::filesystem::path path_;
  file_descriptor lock_;
};

/// The lock on a job directory that is no running job's, for as long as this lives.
class job_lock {
public:
  /// Throws failure::restore_refused if it is a running job's, or cannot be locked.
  explicit job_lock(const std::filesystem::path& job);
  /// Takes away what dead jobs left in work/, and the job directory if that was all.
  ~job_lock();
  job_lock(const job_lock&) = delete;
  job_lock& operator=(const job_lock&) = delete;

private:
  std::filesystem::path work_;
  bool created_;
  file_descriptor lock_;
};

} // namespace weir
