#include "state/checkpoint_directory.hpp"

#include "serialization/capnp/metadata_format.hpp"
#include "serialization/check.hpp"
#include "serialization/crash_point.hpp"
#include "serialization/deliberate_fault.hpp"
#include "serialization/file_name.hpp"
#include "state/checkpoint_names.hpp"
#include "state/remove_checkpoint.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void cannot_create(const fs::path& path, int error_number) {
  throw error(
      failure::usage,
      fmt::format("cannot create checkpoint directory '{}': {}; choose a writable "
                  "one with execution.checkpointing.dir",
                  path.string(), std::generic_category().message(error_number)));
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

fs::path job_directory(const fs::path& root, const std::string& job_id) {
  const fs::path absolute = absolute_path(root);
  check_job_id(job_id);
  return absolute / job_id;
}

/// Empty stays empty.
fs::path normal_path(const fs::path& data_root) {
  return data_root.empty() ? fs::path() : plain_path(data_root);
}

std::string not_ours(const std::string& foreign) {
  return fmt::format("{}; choose another job id (--job-id), or other directories with "
                     "execution.checkpointing.dir and execution.checkpointing.data-dir",
                     foreign);
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

// A shared file with a second name is live in an open database, so the next checkpoint
// may be about to refer to it (its link finds the name taken). Leaving the name costs no
// space.
void remove_if_last_name(const fs::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && info.st_nlink == 1 &&
      ::unlink(path.c_str()) == 0)
    crash_point("prune.shared-removed");
}

} // namespace

void check_job_id(const std::string& id) {
  if (!is_file_name(id))
    throw error(failure::usage,
                fmt::format("'{}' cannot be a job id: use 1 to 128 of A-Z a-z 0-9 . _ -, "
                            "not beginning with a dot",
                            id));
}

checkpoint_directory::checkpoint_directory(const fs::path& root,
                                           const std::string& job_id,
                                           const fs::path& data_root)
    : metadata_place_(job_directory(root, job_id), "execution.checkpointing.dir"),
      places_(places_of(absolute_path(root), normal_path(data_root), job_id)) {
  if (places_.apart())
    data_place_.emplace(places_.data, "execution.checkpointing.data-dir");
  if (const auto foreign = foreign_files(places_))
    throw error(failure::restore_refused, not_ours(*foreign));
  if (places_.apart())
    note_owner(places_);
  if (const int error_number = try_create_durably(shared_path()))
    cannot_create(places_.data, error_number);
  remove_from(shared_path(),
              [](const std::string& name) { return name.starts_with(temporary_prefix); });
  crash_point("work.locked");
}

// A job that was refused before its first checkpoint leaves nothing: shared/ goes only if
// it is empty, and so do the directories around it.
checkpoint_directory::~checkpoint_directory() {
  std::error_code left;
  fs::remove(shared_path(), left);
}

fs::path checkpoint_directory::data_root() const {
  return places_.apart() ? places_.data.parent_path() : fs::path();
}

fs::path checkpoint_directory::checkpoint_path(checkpoint_id id) const {
  const auto savepoint = savepoints_.find(id);
  return savepoint == savepoints_.end() ? path() / checkpoint_name(id)
                                        : savepoint->second;
}

fs::path checkpoint_directory::data_path(checkpoint_id id) const {
  return is_savepoint(id) ? checkpoint_path(id) : places_.data / checkpoint_name(id);
}

fs::path checkpoint_directory::shared_path() const {
  return places_.data / "shared";
}

fs::path checkpoint_directory::create_work_directory(attempt_id attempt,
                                                     const std::string& name) {
  WEIR_CHECK(is_file_name(name));
  // Beside shared/, to whose files databases have links.
  const fs::path path = places_.data / "work" / attempt_name(attempt) / name;
  std::error_code failed;
  fs::remove_all(path, failed);
  fs::create_directories(path, failed);
  if (failed)
    throw_file_error(failure::job_failed, "create directory", path, failed.value());
  return path;
}

void checkpoint_directory::remove_work_directories(attempt_id attempt) {
  std::error_code left;
  fs::remove_all(places_.data / "work" / attempt_name(attempt), left);
}

void checkpoint_directory::begin(checkpoint_id id) {
  WEIR_CHECK(!is_complete(checkpoint_path(id)));
  for (const fs::path& path : std::set{checkpoint_path(id), data_path(id)}) {
    std::error_code failed;
    fs::remove_all(path, failed); // of an attempt that died
    if (::mkdir(path.c_str(), 0755) != 0)
      throw_file_error(failure::job_failed, "create", path, errno);
  }
  unfinished_.insert(id);
}

void checkpoint_directory::begin_savepoint(checkpoint_id id, const fs::path& root) {
  const fs::path parent = plain_path(root);
  const auto refuse = [&](int error_number) {
    throw error(failure::usage,
                fmt::format("cannot create a savepoint in '{}': {}; choose a writable "
                            "directory",
                            parent.string(),
                            std::generic_category().message(error_number)));
  };
  if (const int error_number = try_create_durably(parent))
    refuse(error_number);
  const std::string job = path().filename().string();
  for (int left = 10;; --left) {
    const fs::path path = parent / savepoint_name(job);
    if (::mkdir(path.c_str(), 0755) == 0)
      savepoints_[id] = path;
    else if (errno == EEXIST && left > 1)
      continue;
    else
      refuse(errno);
    unfinished_.insert(id);
    crash_point("savepoint.directory-made");
    return;
  }
}

file_handle checkpoint_directory::write_file(checkpoint_id id, const std::string& name,
                                             std::span<const std::byte> bytes) {
  WEIR_CHECK(is_file_name(name) && name != metadata_name);
  write_file_durably(data_path(id) / name, bytes);
  return {.name = name, .size = bytes.size(), .sum = checksum_of(bytes)};
}

void checkpoint_directory::commit(checkpoint_metadata metadata) {
  WEIR_CHECK(unfinished_.contains(metadata.id));
  const fs::path directory = checkpoint_path(metadata.id);
  const fs::path data = data_path(metadata.id);
  for_each_file(metadata, [&](bool shared, const file_handle& file) {
    check_present(shared ? shared_path() : data, file);
  });
  if (data != directory) {
    metadata.data_root = data_root().string();
    fsync_directory(data);
    fsync_directory(data.parent_path());
  }
  crash_point("metadata.begun");
  const fs::path temporary = directory / "._metadata_temp";
  file_writer writer(temporary);
  writer.append(encode_metadata(metadata));
  crash_point("metadata.written");
  if (!fault("metadata.not-synced"))
    writer.make_durable();
  crash_point("metadata.synced");
  // chk-N itself; rename_durably first syncs the names inside.
  fsync_directory(directory.parent_path());
  crash_point("metadata.checkpoint-synced");
  rename_durably(temporary, directory / metadata_name);
  crash_point("metadata.committed");
  unfinished_.erase(metadata.id);
}

void checkpoint_directory::abandon(checkpoint_id id) {
  if (unfinished_.erase(id) > 0)
    unmake_checkpoint(checkpoint_path(id), data_path(id));
  crash_point("abandon.removed");
}

void checkpoint_directory::take_back(checkpoint_id id) {
  unmake_checkpoint(checkpoint_path(id), data_path(id));
}

void checkpoint_directory::claim(const fs::path& checkpoint, const fs::path& moved_to) {
  if (checkpoint.parent_path() != path()) // of its own it keeps the newest
    claimed_ = std::make_unique<claimed_checkpoint>(checkpoint, moved_to);
  crash_point("claim.taken");
}

std::vector<checkpoint_id> checkpoint_directory::list() const {
  std::error_code unreadable;
  auto ids = complete_checkpoints(path(), unreadable);
  if (unreadable)
    throw_file_error(failure::job_failed, "list the checkpoints in", path(),
                     unreadable.value());
  return ids;
}

std::optional<std::vector<checkpoint_id>> checkpoint_directory::try_list() const {
  std::error_code unreadable;
  auto ids = complete_checkpoints(path(), unreadable);
  return unreadable ? std::nullopt : std::optional(std::move(ids));
}

void checkpoint_directory::prune(std::size_t retained,
                                 const std::set<std::string>& in_use) {
  crash_point("prune.begun");
  const auto complete = try_list();
  if (!complete)
    return; // the newest might be one that was not seen
  const std::size_t surplus = complete->size() - std::min(retained, complete->size());
  remove_others(
      {complete->begin() + static_cast<std::ptrdiff_t>(surplus), complete->end()},
      in_use);
  if (claimed_ && complete->size() >= retained && claimed_->remove().removed) {
    claimed_.reset();
    crash_point("claim.removed");
  }
}

void checkpoint_directory::remove_others(const std::set<checkpoint_id>& kept,
                                         const std::set<std::string>& in_use) {
  std::error_code unreadable;
  const auto complete = try_list();
  if (!complete || !may_exist(path()))
    return; // what checkpoints there are cannot be told
  std::set<std::string> named = in_use;
  bool all_known = true;
  for (const checkpoint_id id : *complete) {
    const fs::path directory = checkpoint_path(id);
    if (!kept.contains(id) && unmake_checkpoint(directory, data_path(id)))
      continue;
    std::string refusal;
    const auto bytes = try_read_file(directory / metadata_name);
    const auto metadata = bytes ? try_decode_metadata(*bytes, refusal) : std::nullopt;
    all_known &= metadata.has_value();
    if (metadata)
      named.merge(shared_names(*metadata));
  }
  remove_incomplete();
  if (!all_known)
    return; // what a damaged checkpoint refers to cannot be told
  if (fault("shared-file.deleted-early") && !named.empty())
    ::unlink((shared_path() / *named.begin()).c_str());
  for (const fs::path& name : names_in(shared_path(), unreadable))
    if (is_shared_name(name.string()) && !named.contains(name.string()))
      remove_if_last_name(shared_path() / name);
}

/// What dead attempts have begun, and files of checkpoints that are gone.
void checkpoint_directory::remove_incomplete() {
  const auto begun_by_others = [&](const std::string& name) {
    const auto id = checkpoint_of_name(name);
    return id && !unfinished_.contains(*id);
  };
  remove_from(path(), [&](const std::string& name) {
    return begun_by_others(name) && !may_exist(path() / name / metadata_name);
  });
  std::error_code unreadable;
  const auto left = names_in(path(), unreadable);
  if (places_.apart() && !unreadable)
    remove_from(places_.data, [&](const std::string& name) {
      return begun_by_others(name) && !std::ranges::binary_search(left, fs::path(name));
    });
}

std::optional<std::string> taken_by_others(const fs::path& root,
                                           const std::string& job_id,
                                           const located_checkpoint* from, bool claimed,
                                           const fs::path& data_root) {
  if (!is_file_name(job_id))
    return std::nullopt; // which is another matter
  const job_places places =
      places_of(absolute_path(root), normal_path(data_root), job_id);
  const fs::path& job = places.metadata;
  for (const fs::path& place : {places.metadata, places.data})
    if (is_in_use(place))
      return in_use_text(place, other_job_id);
  if (const auto foreign = foreign_files(places))
    return not_ours(*foreign);
  const auto complete = complete_checkpoints(job);
  if (complete.empty())
    return std::nullopt;
  const fs::path newest = job / checkpoint_name(complete.back());
  if (from == nullptr || from->directory != newest)
    return fmt::format(
        "the job directory '{}' has checkpoints already, the newest of them "
        "{}, which this run does not begin with; restore from that one "
        "(-s '{}' --claim-mode claim) or choose another job id (--job-id)",
        job.string(), newest.filename().string(), newest.string());
  if (!claimed)
    return fmt::format(
        "the checkpoint '{}' is in the directory of this job id, where the "
        "run would remove it in time; allow that with --claim-mode claim, "
        "or choose another job id (--job-id)",
        newest.string());
  if (from->shared != places.data / "shared")
    return fmt::format("the files of the checkpoints in '{}' are in '{}', and those of "
                       "this run would be in '{}'; keep them together with "
                       "execution.checkpointing.data-dir, or choose another job id "
                       "(--job-id)",
                       job.string(), from->shared.parent_path().string(),
                       places.data.string());
  return std::nullopt;
}

} // namespace weir
