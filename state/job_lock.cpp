#include "state/job_lock.hpp"

#include "serialization/crash_point.hpp"
#include "serialization/file_name.hpp"
#include "state/checkpoint_names.hpp"
#include "state/job_places.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view dead_prefix = "dead-"; // being removed

bool same_file(int fd, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// True if nothing but what weir makes lies in a work directory: a job directory's
// siblings may belong to anybody.
bool is_ours(const fs::path& work) {
  std::error_code unreadable;
  const auto names = names_in(work, unreadable);
  return !unreadable && std::ranges::all_of(names, [](const fs::path& name) {
    return name == lock_name || name.string().starts_with(attempt_prefix) ||
           name.string().starts_with(dead_prefix);
  });
}

// A dead job's work directory is moved into ours under its lock and removed there, so a
// job that starts under that id meanwhile never waits for the removal.
void sweep_dead_job(const fs::path& work, const fs::path& into) {
  const fs::path path = work / lock_name;
  const file_descriptor lock = try_open(path, O_RDWR | O_NOFOLLOW);
  if (!lock || !is_ours(work) || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 ||
      !same_file(lock.get(), path))
    return;
  std::error_code kept;
  fs::rename(work, into, kept);
  crash_point("work.swept");
  if (!kept)
    fs::remove_all(into, kept);
}

} // namespace

file_descriptor try_lock_work(const fs::path& work, int& error_number) {
  const fs::path path = work / lock_name;
  constexpr int attempts_max = 16;
  for (int i = 0; i < attempts_max; ++i) {
    error_number = 0;
    if (::mkdir(work.c_str(), 0755) != 0 && errno != EEXIST) {
      error_number = errno;
      return {};
    }
    file_descriptor lock = try_open(path, O_RDWR | O_CREAT);
    error_number = errno;
    if (!lock && error_number == ENOENT) // a sweep has moved the directory away
      continue;
    if (!lock)
      return {};
    const bool taken = ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
    error_number = errno;
    if (!same_file(lock.get(), path))
      continue;
    if (taken)
      return lock;
    if (error_number != EWOULDBLOCK)
      return {};
    // Whoever only looks whether it is taken, as is_in_use() does, has it for a moment.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return {};
}

bool is_in_use(const fs::path& job) {
  const file_descriptor lock = try_open(job / "work" / lock_name, O_RDONLY | O_NOFOLLOW);
  return lock && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::string in_use_text(const fs::path& job, std::string_view remedy) {
  return fmt::format("the job directory '{}' is in use by a running job; {}",
                     job.string(), remedy);
}

void sweep_dead_jobs(const fs::path& root, const fs::path& own, const fs::path& work) {
  std::error_code unreadable;
  for (const fs::path& job : names_in(root, unreadable)) {
    if (root / job != own && is_file_name(job.string()))
      sweep_dead_job(root / job / "work",
                     work / (std::string(dead_prefix) + job.string()));
  }
}

occupied_directory::occupied_directory(const fs::path& job, std::string_view option)
    : path_(job) {
  const auto cannot_create = [&](int error_number) {
    throw error(failure::usage,
                fmt::format("cannot create checkpoint directory '{}': {}; choose a "
                            "writable one with {}",
                            job.string(), std::generic_category().message(error_number),
                            option));
  };
  if (const int error_number = try_create_durably(job))
    cannot_create(error_number);
  const fs::path work = job / "work";
  int error_number = 0;
  lock_ = try_lock_work(work, error_number);
  if (!lock_ && error_number == EWOULDBLOCK)
    throw error(failure::restore_refused, in_use_text(job, other_job_id));
  if (!lock_)
    cannot_create(error_number);
  std::error_code kept;
  for (const fs::path& name : names_in(work, kept))
    if (name != lock_name)
      fs::remove_all(work / name, kept);
  sweep_dead_jobs(job.parent_path(), job, work);
}

occupied_directory::~occupied_directory() {
  std::error_code left;
  fs::remove_all(path_ / "work", left);
  remove_empty_job(path_);
}

job_lock::job_lock(const fs::path& job) : work_(job / "work") {
  std::error_code unknown;
  created_ = !fs::exists(work_ / lock_name, unknown);
  int error_number = 0;
  lock_ = try_lock_work(work_, error_number);
  if (!lock_ && error_number == EWOULDBLOCK)
    throw error(failure::restore_refused, in_use_text(job, "stop that job first"));
  if (!lock_)
    throw_file_error(failure::restore_refused, "lock the job directory", job,
                     error_number);
}

job_lock::~job_lock() {
  std::error_code left;
  if (is_ours(work_))
    fs::remove_all(work_, left); // with what a dead job left there
  else if (created_)
    fs::remove(work_ / lock_name, left);
  remove_empty_job(work_.parent_path());
}

} // namespace weir
