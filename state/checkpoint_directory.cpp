#include "state/checkpoint_directory.hpp"

#include "serialization/capnp/metadata_format.hpp"
#include "serialization/check.hpp"
#include "serialization/file_name.hpp"
#include "state/checkpoint_names.hpp"
#include "state/storage/local_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view lock_name = "lock";
constexpr std::string_view attempt_prefix = "attempt-";
constexpr std::string_view dead_prefix = "dead-"; // being removed

[[noreturn]] void cannot_create(const fs::path& path, int error_number) {
  throw error(
      failure::usage,
      fmt::format("cannot create checkpoint directory '{}': {}; choose a writable "
                  "one with execution.checkpointing.dir",
                  path.string(), std::generic_category().message(error_number)));
}

// Creates the directory and its parents; every new name is durable on return.
void create_directory_durably(const fs::path& path, const fs::path& for_message) {
  if (::mkdir(path.c_str(), 0755) != 0) {
    if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
      create_directory_durably(path.parent_path(), for_message);
      if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
        cannot_create(for_message, errno);
    } else if (errno != EEXIST) {
      cannot_create(for_message, errno);
    }
  }
  std::error_code unknown;
  if (!fs::is_directory(path, unknown))
    cannot_create(for_message, ENOTDIR);
  fsync_directory(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

std::string attempt_name(attempt_id attempt) {
  return fmt::format("{}{}", attempt_prefix, attempt.value);
}

fs::path absolute_path(const fs::path& path) {
  std::error_code unknown;
  const fs::path absolute = fs::absolute(path, unknown);
  if (path.empty() || unknown)
    cannot_create(path, ENOENT);
  return absolute.lexically_normal();
}

bool same_file(int fd, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// The lock of a work directory, creating both. Another job's sweep may move the directory
// away between open and flock; then it is made anew.
file_descriptor lock_work(const fs::path& job, const fs::path& work) {
  const fs::path path = work / lock_name;
  constexpr int attempts_max = 16;
  for (int i = 0; i < attempts_max; ++i) {
    if (::mkdir(work.c_str(), 0755) != 0 && errno != EEXIST)
      cannot_create(work, errno);
    file_descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock && errno == ENOENT)
      continue;
    if (!lock)
      cannot_create(work, errno);
    const bool taken = ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
    const int reason = errno;
    if (!same_file(lock.get(), path))
      continue;
    if (taken)
      return lock;
    if (reason != EWOULDBLOCK)
      cannot_create(work, reason);
    break;
  }
  throw error(failure::usage,
              fmt::format("the job directory '{}' is in use by a running job; stop that "
                          "job or start this one with another id",
                          job.string()));
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
  const file_descriptor lock(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!lock || !is_ours(work) || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 ||
      !same_file(lock.get(), path))
    return;
  std::error_code kept;
  fs::rename(work, into, kept);
  if (!kept)
    fs::remove_all(into, kept);
}

void sweep_dead_jobs(const fs::path& root, const fs::path& own, const fs::path& work) {
  std::error_code unreadable;
  for (const fs::path& job : names_in(root, unreadable)) {
    if (root / job != own && is_file_name(job.string()))
      sweep_dead_job(root / job / "work",
                     work / (std::string(dead_prefix) + job.string()));
  }
}

// Everything in `directory` whose name `unwanted` accepts.
template <class Predicate>
void remove_from(const fs::path& directory, Predicate unwanted) {
  std::error_code kept;
  for (const fs::path& name : names_in(directory, kept))
    if (unwanted(name.string()))
      fs::remove_all(directory / name, kept);
}

// The pair of decoding on restore: what _metadata is about to name is there, complete.
void check_present(const fs::path& directory, const file_handle& file) {
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(directory / file.name, missing);
  if (missing)
    throw error(
        failure::job_failed,
        fmt::format("cannot complete the checkpoint: '{}': {}; check that nothing "
                    "else removes files there",
                    (directory / file.name).string(), missing.message()));
  if (size != file.size)
    throw error(
        failure::job_failed,
        fmt::format("cannot complete the checkpoint: '{}' has {} bytes instead of "
                    "{}; check that nothing else writes there",
                    (directory / file.name).string(), size, file.size));
}

std::set<std::string> shared_names(const checkpoint_metadata& metadata) {
  std::set<std::string> names;
  for_each_file(metadata, [&](bool shared, const file_handle& file) {
    if (shared)
      names.insert(file.name);
  });
  return names;
}

// A checkpoint ceases to exist with its _metadata: that is durable before files go.
bool remove_checkpoint(const fs::path& directory) {
  const fs::path metadata = directory / metadata_name;
  if (::unlink(metadata.c_str()) != 0 && errno != ENOENT)
    return false;
  const file_descriptor opened(
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0)
    return false;
  std::error_code left;
  fs::remove_all(directory, left);
  return true;
}

// A shared file with a second name is live in an open database, so the next checkpoint
// may be about to refer to it (its link finds the name taken). Leaving the name costs no
// space.
void remove_if_last_name(const fs::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && info.st_nlink == 1)
    ::unlink(path.c_str());
}

} // namespace

checkpoint_directory::checkpoint_directory(const fs::path& root,
                                           const std::string& job_id)
    : path_(absolute_path(root) / job_id) {
  if (!is_file_name(job_id))
    throw error(failure::usage,
                fmt::format("'{}' cannot be a job id: use 1 to 128 of A-Z a-z 0-9 . _ -, "
                            "not beginning with a dot",
                            job_id));
  create_directory_durably(path_, path_);
  create_directory_durably(shared_path(), path_);
  const fs::path work = path_ / "work";
  file_descriptor lock = lock_work(path_, work);
  remove_from(work, [](const std::string& name) { return name != lock_name; });
  remove_from(shared_path(),
              [](const std::string& name) { return name.starts_with(temporary_prefix); });
  sweep_dead_jobs(path_.parent_path(), path_, work);
  lock_ = lock.release();
}

checkpoint_directory::~checkpoint_directory() {
  const file_descriptor lock(lock_); // closed, and so unlocked, last
  std::error_code left;
  fs::remove_all(path_ / "work", left);
  // A job that was refused before its first checkpoint leaves nothing; these two go only
  // if they are empty.
  fs::remove(shared_path(), left);
  fs::remove(path_, left);
}

fs::path checkpoint_directory::checkpoint_path(checkpoint_id id) const {
  return path_ / checkpoint_name(id);
}

fs::path checkpoint_directory::shared_path() const {
  return path_ / "shared";
}

fs::path checkpoint_directory::create_work_directory(attempt_id attempt,
                                                     const std::string& name) {
  WEIR_CHECK(is_file_name(name));
  const fs::path path = path_ / "work" / attempt_name(attempt) / name;
  std::error_code failed;
  fs::remove_all(path, failed);
  fs::create_directories(path, failed);
  if (failed)
    throw_file_error(failure::job_failed, "create directory", path, failed.value());
  return path;
}

void checkpoint_directory::remove_work_directories(attempt_id attempt) {
  std::error_code left;
  fs::remove_all(path_ / "work" / attempt_name(attempt), left);
}

void checkpoint_directory::begin(checkpoint_id id) {
  const fs::path path = checkpoint_path(id);
  WEIR_CHECK(!is_complete(path));
  std::error_code failed;
  fs::remove_all(path, failed); // of an attempt that died
  if (::mkdir(path.c_str(), 0755) != 0)
    throw_file_error(failure::job_failed, "create", path, errno);
  unfinished_.insert(id);
}

file_handle checkpoint_directory::write_file(checkpoint_id id, const std::string& name,
                                             std::span<const std::byte> bytes) {
  WEIR_CHECK(is_file_name(name) && name != metadata_name);
  write_file_durably(checkpoint_path(id) / name, bytes);
  return {.name = name, .size = bytes.size(), .sum = checksum_of(bytes)};
}

void checkpoint_directory::commit(const checkpoint_metadata& metadata) {
  WEIR_CHECK(unfinished_.contains(metadata.id));
  const fs::path directory = checkpoint_path(metadata.id);
  for_each_file(metadata, [&](bool shared, const file_handle& file) {
    check_present(shared ? shared_path() : directory, file);
  });
  const fs::path temporary = directory / "._metadata_temp";
  write_file_durably(temporary, encode_metadata(metadata));
  fsync_directory(path_); // chk-N itself; rename_durably first syncs the names inside
  rename_durably(temporary, directory / metadata_name);
  unfinished_.erase(metadata.id);
}

void checkpoint_directory::abandon(checkpoint_id id) {
  if (unfinished_.erase(id) > 0)
    remove_checkpoint(checkpoint_path(id));
}

std::vector<checkpoint_id> checkpoint_directory::list() const {
  return complete_checkpoints(path_);
}

void checkpoint_directory::prune(std::size_t retained,
                                 const std::set<std::string>& in_use) {
  const std::vector<checkpoint_id> complete = list();
  const std::size_t surplus = complete.size() - std::min(retained, complete.size());
  std::set<std::string> named = in_use;
  bool all_known = true;
  for (std::size_t i = 0; i < complete.size(); ++i) {
    const fs::path directory = checkpoint_path(complete[i]);
    if (i < surplus && remove_checkpoint(directory))
      continue;
    std::string refusal;
    const auto bytes = try_read_file(directory / metadata_name);
    const auto metadata = bytes ? try_decode_metadata(*bytes, refusal) : std::nullopt;
    all_known &= metadata.has_value();
    if (metadata)
      named.merge(shared_names(*metadata));
  }
  remove_from(path_, [&](const std::string& name) {
    const auto id = checkpoint_of_name(name);
    return id && !unfinished_.contains(*id) && !is_complete(path_ / name);
  });
  if (!all_known)
    return; // what a damaged checkpoint refers to cannot be told
  std::error_code unreadable;
  for (const fs::path& name : names_in(shared_path(), unreadable))
    if (is_shared_name(name.string()) && !named.contains(name.string()))
      remove_if_last_name(shared_path() / name);
}

} // namespace weir
