#include "state/inspect/job_garbage.hpp"

#include "serialization/capnp/metadata_format.hpp"
#include "serialization/error.hpp"
#include "state/checkpoint_names.hpp"
#include "state/locate_checkpoint.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_sweep(const fs::path& path, const std::string& reason) {
  throw error(failure::restore_refused,
              fmt::format("cannot look for garbage in '{}': {}", path.string(), reason));
}

bool is_plain_directory(const fs::path& path) {
  std::error_code unknown;
  return fs::is_directory(fs::symlink_status(path, unknown));
}
bool is_plain_file(const fs::path& path) {
  std::error_code unknown;
  return fs::is_regular_file(fs::symlink_status(path, unknown));
}

std::optional<checkpoint_metadata> readable_metadata(const fs::path& checkpoint) {
  std::string refusal;
  const auto bytes = try_read_file(checkpoint / metadata_name);
  return bytes ? try_decode_metadata(*bytes, refusal) : std::nullopt;
}

/// Where the files are, as any checkpoint says it.
job_places places_in(const fs::path& job, const fs::path& moved_to) {
  for (const checkpoint_id id : complete_checkpoints(job))
    if (const auto metadata = readable_metadata(job / checkpoint_name(id));
        metadata && !metadata->data_root.empty())
      return places_of(*metadata, job, moved_to);
  if (!moved_to.empty() && owner_of(moved_to / job.filename()))
    return {job, moved_to / job.filename()};
  return {job, job};
}

bool has_shared_files(const fs::path& job) {
  std::error_code unreadable;
  return std::ranges::any_of(
      names_in(job / "shared", unreadable),
      [](const fs::path& name) { return is_shared_name(name.string()); });
}

void check_directory(const fs::path& job) {
  std::error_code unknown;
  if (!fs::is_directory(job, unknown))
    refuse_sweep(job, fs::exists(job, unknown)
                          ? "it is no directory; name the directory of a job"
                          : "it does not exist; check the path");
  if (const auto owner = owner_of(job))
    refuse_sweep(job, fmt::format("it has the files of the checkpoints in '{}'; name "
                                  "that one",
                                  owner->string()));
  if (is_complete(job) || checkpoint_of_name(job.filename().string()))
    refuse_sweep(job, "it is a checkpoint; name the directory of its job");
  const auto names = names_in(job, unknown);
  if (unknown)
    refuse_sweep(job, unknown.message() + "; check its permissions and owner");
  const bool of_a_job = std::ranges::any_of(names, [&](const fs::path& name) {
    return checkpoint_of_name(name.string()) && is_plain_directory(job / name);
  });
  // Anybody may have directories of these names.
  if (!of_a_job && !is_plain_file(job / "work" / lock_name) && !has_shared_files(job))
    refuse_sweep(job, "it is not the directory of a job: there is no chk-N in it; name "
                      "one of a job");
}

void check_places(const job_places& places) {
  for (const fs::path& job : {places.metadata, places.data})
    if (is_in_use(job))
      throw error(failure::restore_refused, in_use_text(job, "stop that job first"));
  std::error_code unknown;
  if (!places.apart())
    return;
  if (!fs::is_directory(places.data, unknown))
    refuse_sweep(places.metadata, missing_data_text(places.data));
  if (const auto foreign = foreign_files(places))
    refuse_sweep(places.metadata,
                 fmt::format("{}; if they belong to those in '{}' now, write that into "
                             "'{}'",
                             *foreign, places.metadata.string(),
                             (places.data / owner_name).string()));
}

/// Names that weir gives to files of a checkpoint, or to what becomes one.
bool is_ours(const std::string& name) {
  return name.starts_with(temporary_prefix) || name.ends_with(".keyed") ||
         name.ends_with(".operator") || name.ends_with(".inflight");
}

class garbage_finder {
public:
  explicit garbage_finder(const job_places& places) : places_(places) {}

  job_garbage find() {
    for (const checkpoint_id id : complete_checkpoints(places_.metadata))
      note_references(id);
    look_for_checkpoints(places_.metadata);
    if (places_.apart())
      look_for_checkpoints(places_.data);
    if (!all_.unreadable) {
      look_in_shared(places_.data / "shared");
      if (places_.apart()) // of checkpoints before it had a data directory
        look_in_shared(places_.metadata / "shared");
    }
    look_in_work(places_.metadata / "work");
    if (places_.apart())
      look_in_work(places_.data / "work");
    std::ranges::sort(all_.found, {}, &garbage::path);
    return std::move(all_);
  }

private:
  void note_references(checkpoint_id id) {
    const fs::path directory = places_.metadata / checkpoint_name(id);
    const auto metadata = readable_metadata(directory);
    if (!metadata) {
      all_.unreadable = directory / metadata_name;
      unreadable_.insert(id.value);
      return;
    }
    auto& own = own_files_[id.value];
    for_each_file(*metadata, [&](bool shared, const file_handle& file) {
      (shared ? shared_files_ : own).insert(file.name);
    });
  }

  void look_for_checkpoints(const fs::path& job) {
    std::error_code unreadable;
    for (const fs::path& name : names_in(job, unreadable)) {
      const auto id = checkpoint_of_name(name.string());
      if (!id || !is_plain_directory(job / name) || unreadable_.contains(id->value))
        continue;
      if (const auto own = own_files_.find(id->value); own != own_files_.end())
        look_in_checkpoint(job / name, own->second);
      else
        add(garbage_kind::incomplete_checkpoint, job / name);
    }
  }

  void look_in_checkpoint(const fs::path& directory, const std::set<std::string>& own) {
    std::error_code unreadable;
    for (const fs::path& name : names_in(directory, unreadable))
      if (is_ours(name.string()) && !own.contains(name.string()) &&
          is_plain_file(directory / name))
        add(garbage_kind::unreferenced_file, directory / name);
  }

  void look_in_shared(const fs::path& shared) {
    std::error_code unreadable;
    if (!is_plain_directory(shared))
      return;
    for (const fs::path& each : names_in(shared, unreadable)) {
      const std::string name = each.string();
      if ((is_shared_name(name) || name.starts_with(temporary_prefix)) &&
          !shared_files_.contains(name) && is_plain_file(shared / name))
        add(garbage_kind::shared_file, shared / name);
    }
  }

  void look_in_work(const fs::path& work) {
    std::error_code unreadable;
    if (!is_plain_directory(work))
      return;
    for (const fs::path& name : names_in(work, unreadable))
      if (name.string().starts_with(attempt_prefix) && is_plain_directory(work / name))
        add(garbage_kind::work, work / name);
  }

  void add(garbage_kind kind, const fs::path& path) {
    garbage& each = all_.found.emplace_back(garbage{kind, path, 0});
    count(each, path);
    std::error_code unreadable;
    if (kind == garbage_kind::incomplete_checkpoint || kind == garbage_kind::work)
      for (fs::recursive_directory_iterator at(path, unreadable);
           !unreadable && at != fs::recursive_directory_iterator();
           at.increment(unreadable))
        count(each, at->path());
  }

  void count(garbage& of, const fs::path& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
      return;
    const auto bytes = static_cast<std::uint64_t>(found.st_size);
    of.bytes += bytes;
    // What has another name elsewhere, in a checkpoint perhaps, takes no less space.
    if (++names_[{found.st_dev, found.st_ino}] == found.st_nlink)
      all_.bytes += bytes;
  }

  const job_places& places_;
  job_garbage all_;
  std::map<std::uint64_t, std::set<std::string>> own_files_; // of complete checkpoints
  std::set<std::uint64_t> unreadable_;
  std::set<std::string> shared_files_;
  std::map<std::pair<dev_t, ino_t>, nlink_t> names_; // found so far
};

} // namespace

std::string_view name_of(garbage_kind kind) {
  switch (kind) {
  case garbage_kind::incomplete_checkpoint:
    return "incomplete_checkpoint";
  case garbage_kind::unreferenced_file:
    return "unreferenced_file";
  case garbage_kind::shared_file:
    return "shared_file";
  case garbage_kind::work:
    return "work";
  }
  return "";
}

swept_job::swept_job(const fs::path& path, const fs::path& moved_to, bool locked) {
  const fs::path job = plain_path(path);
  check_directory(job);
  places_ = places_in(job, plain_path(moved_to));
  check_places(places_);
  if (!locked)
    return;
  lock_.emplace(places_.metadata);
  if (places_.apart())
    data_lock_.emplace(places_.data);
}

job_garbage swept_job::find() const {
  job_garbage all = garbage_finder(places_).find();
  if (!lock_)
    check_places(places_); // a job that has begun meanwhile needs all of that
  return all;
}

bool remove_garbage(const garbage& each) {
  std::error_code left;
  fs::remove_all(each.path, left);
  return !left;
}

} // namespace weir
