#include "state/remove_checkpoint.hpp"

#include "serialization/capnp/metadata_format.hpp"
#include "serialization/crash_point.hpp"
#include "state/checkpoint_names.hpp"
#include "state/locate_checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

std::optional<checkpoint_metadata> try_read_metadata(const fs::path& checkpoint) {
  std::string refusal;
  const auto bytes = try_read_file(checkpoint / metadata_name);
  return bytes ? try_decode_metadata(*bytes, refusal) : std::nullopt;
}

/// What the complete checkpoints of a job refer to; nothing if one cannot be read.
std::optional<std::set<std::string>> shared_in_use(const fs::path& job) {
  std::set<std::string> names;
  std::error_code unreadable;
  const auto complete = complete_checkpoints(job, unreadable);
  if (unreadable)
    return std::nullopt;
  for (const checkpoint_id id : complete) {
    const auto metadata = try_read_metadata(job / checkpoint_name(id));
    if (!metadata)
      return std::nullopt;
    names.merge(shared_names(*metadata));
  }
  return names;
}

/// All that look like it, for when nobody is left to refer to them.
std::set<std::string> shared_names_in(const fs::path& shared) {
  std::set<std::string> names;
  std::error_code unreadable;
  for (const fs::path& name : names_in(shared, unreadable))
    if (is_shared_name(name.string()))
      names.insert(name.string());
  return names;
}

std::uint64_t bytes_in(const fs::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code unreadable;
  for (const fs::path& name : names_in(directory, unreadable))
    if (const auto size = fs::file_size(directory / name, unreadable); !unreadable)
      bytes += size;
  return bytes;
}

/// Wherever it has been moved to; or what is left of one that was not completed.
bool is_savepoint(const fs::path& directory) {
  if (const auto metadata = try_read_metadata(directory))
    return metadata->savepoint;
  return is_savepoint_name(directory.filename().string());
}

/// A savepoint is all by itself, and is locked by itself.
fs::path locked_for(const fs::path& directory, bool savepoint) {
  return savepoint ? directory : directory.parent_path();
}

/// Of one that is incomplete or damaged, which does not say it, those of a neighbour.
job_places places_of_files(const fs::path& directory, const fs::path& moved_to) {
  const fs::path job = directory.parent_path();
  if (const auto metadata = try_read_metadata(directory))
    return places_of(*metadata, job, moved_to);
  for (const checkpoint_id id : complete_checkpoints(job))
    if (const auto metadata = try_read_metadata(job / checkpoint_name(id)))
      return places_of(*metadata, job, moved_to);
  return {job, job};
}

/// Why files that lie apart from the metadata cannot be removed.
std::optional<std::string> data_problem(const job_places& places) {
  std::error_code unknown;
  if (!places.apart())
    return std::nullopt;
  if (!fs::is_directory(places.data, unknown))
    return missing_data_text(places.data);
  if (const auto foreign = foreign_files(places))
    return fmt::format("{}; if they belong to those in '{}' now, write that into '{}'",
                       *foreign, places.metadata.string(),
                       (places.data / owner_name).string());
  return std::nullopt;
}

/// Files of checkpoints that are gone, or were never completed, and that only lie apart.
void remove_begun(const job_places& places) {
  std::error_code kept;
  for (const fs::path& name : names_in(places.data, kept))
    if (checkpoint_of_name(name.string()) && !may_exist(places.metadata / name))
      fs::remove_all(places.data / name, kept);
}

/// The directory that `path` means. Whatever lies in it will be removed.
fs::path removable(const fs::path& path, const fs::path& moved_to) {
  fs::path directory = plain_path(path);
  if (directory.filename() == metadata_name)
    directory = directory.parent_path();
  if (const auto problem = claim_problem(directory, moved_to))
    throw error(failure::restore_refused, *problem);
  return directory;
}

} // namespace

std::set<std::string> shared_names(const checkpoint_metadata& metadata) {
  std::set<std::string> names;
  for_each_file(metadata, [&](bool shared, const file_handle& file) {
    if (shared)
      names.insert(file.name);
  });
  return names;
}

std::optional<std::string> claim_problem(const fs::path& checkpoint,
                                         const fs::path& moved_to) {
  std::error_code unknown;
  const fs::file_status status = fs::symlink_status(checkpoint, unknown);
  const auto because = [&](const std::string& reason) {
    return fmt::format("cannot remove '{}': {}", checkpoint.string(), reason);
  };
  if (!fs::exists(status))
    return because("it does not exist; check the path");
  const bool savepoint = fs::is_directory(status) && is_savepoint(checkpoint);
  if (!fs::is_directory(status) ||
      (!savepoint && !checkpoint_of_name(checkpoint.filename().string())))
    return because(
        complete_checkpoints(checkpoint).empty()
            ? "it is not the directory of a checkpoint or a savepoint; name a "
              "directory chk-N or savepoint-..."
            : "it holds the checkpoints of a job; name those to remove, chk-N");
  const fs::path locked = locked_for(checkpoint, savepoint);
  if (is_in_use(locked))
    return in_use_text(locked, "stop that job first");
  if (savepoint)
    return std::nullopt;
  if (const auto owner = owner_of(locked))
    return because(fmt::format("it has the files of a checkpoint in '{}'; name that one",
                               owner->string()));
  const job_places places = places_of_files(checkpoint, plain_path(moved_to));
  if (const auto problem = data_problem(places))
    return because(*problem);
  if (is_in_use(places.data))
    return in_use_text(places.data, "stop that job first");
  return std::nullopt;
}

bool unmake_checkpoint(const fs::path& directory, const fs::path& data) {
  const fs::path metadata = directory / metadata_name;
  if (::unlink(metadata.c_str()) != 0 && errno != ENOENT)
    return false;
  crash_point("prune.unmade");
  const file_descriptor opened = try_open(directory, O_RDONLY | O_DIRECTORY);
  if (!opened || ::fsync(opened.get()) != 0)
    return false;
  crash_point("prune.unmade-synced");
  std::error_code left;
  fs::remove_all(data, left);
  fs::remove_all(directory, left);
  crash_point("prune.removed");
  return true;
}

claimed_checkpoint::claimed_checkpoint(const fs::path& path, const fs::path& moved_to)
    : directory_(removable(path, moved_to)), savepoint_(is_savepoint(directory_)),
      lock_(locked_for(directory_, savepoint_)),
      places_(places_of_files(directory_, plain_path(moved_to))) {
  if (places_.apart() && !savepoint_)
    data_lock_.emplace(places_.data);
}

removal claimed_checkpoint::remove() {
  const auto metadata = try_read_metadata(directory_);
  const std::string own_name =
      metadata ? checkpoint_name(metadata->id) : directory_.filename().string();
  const fs::path data = data_lock_ ? places_.data / own_name : directory_;
  removal done;
  done.bytes = bytes_in(directory_) + (data_lock_ ? bytes_in(data) : 0);
  done.removed = unmake_checkpoint(directory_, data);
  if (!done.removed)
    return {};
  if (savepoint_)
    return done;
  const auto in_use = shared_in_use(places_.metadata);
  done.shared_kept = !in_use;
  const fs::path shared = places_.data / "shared";
  std::error_code unknown;
  const bool last = complete_checkpoints(places_.metadata, unknown).empty() && !unknown;
  if (in_use && (last || metadata))
    for (const auto& name : last ? shared_names_in(shared) : shared_names(*metadata)) {
      std::error_code kept;
      const auto size = fs::file_size(shared / name, kept);
      // No database has it open, so a second name of it is another job's.
      if (!kept && !in_use->contains(name) && fs::remove(shared / name, kept))
        done.bytes += size;
    }
  std::error_code not_empty;
  fs::remove(shared, not_empty);
  if (last && data_lock_)
    remove_begun(places_);
  return done;
}

} // namespace weir
