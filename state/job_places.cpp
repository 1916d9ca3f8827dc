#include "state/job_places.hpp"

#include "serialization/data_root.hpp"
#include "state/checkpoint_names.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

bool same_directory(const fs::path& a, const fs::path& b) {
  std::error_code unknown;
  return a == b || fs::equivalent(a, b, unknown);
}

bool has_checkpoint_files(const fs::path& job) {
  std::error_code unreadable;
  return std::ranges::any_of(names_in(job, unreadable), [](const fs::path& name) {
    return checkpoint_of_name(name.string()).has_value();
  });
}

} // namespace

job_places places_of(const fs::path& root, const fs::path& data_root,
                     const std::string& job_id) {
  const bool apart = !data_root.empty() && !same_directory(root, data_root);
  return {root / job_id, (apart ? data_root : root) / job_id};
}

job_places places_of(const checkpoint_metadata& metadata, const fs::path& job,
                     const fs::path& moved_to) {
  if (metadata.data_root.empty())
    return {job, job};
  return {job,
          (moved_to.empty() ? fs::path(metadata.data_root) : moved_to) / metadata.job_id};
}

std::optional<fs::path> owner_of(const fs::path& data) {
  std::error_code unknown;
  if (!fs::exists(data / owner_name, unknown))
    return std::nullopt;
  const auto bytes = try_read_file(data / owner_name);
  std::string path;
  if (bytes)
    path.assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (path.ends_with('\n'))
    path.pop_back();
  return is_data_root(path) ? path : "unknown"; // which may be nobody's but is not ours
}

void note_owner(const job_places& places) {
  if (owner_of(places.data) == places.metadata)
    return;
  const std::string text = places.metadata.string() + "\n";
  const fs::path temporary = places.data / "._owner_temp";
  write_file_durably(temporary, std::as_bytes(std::span(text)));
  rename_durably(temporary, places.data / owner_name);
}

std::optional<std::string> foreign_files(const job_places& places) {
  // Data is no place for `_metadata`, be it of the same checkpoints.
  if (const auto owner = owner_of(places.metadata))
    return fmt::format("'{}' has the files of the checkpoints in '{}'",
                       places.metadata.string(), owner->string());
  if (!places.apart())
    return std::nullopt;
  const auto owner = owner_of(places.data);
  if (owner && !same_directory(*owner, places.metadata))
    return fmt::format("'{}' has the files of the checkpoints in '{}', not of those in "
                       "'{}'",
                       places.data.string(), owner->string(), places.metadata.string());
  if (!owner && has_checkpoint_files(places.data))
    return fmt::format("'{}' has checkpoints of its own", places.data.string());
  return std::nullopt;
}

std::string missing_data_text(const fs::path& data) {
  return fmt::format("its files are in '{}', which does not exist; mount it or put it "
                     "back, or say where its data directory is now (-D "
                     "execution.state-recovery.data-dir=DIR, 'weir checkpoint' "
                     "--data-dir DIR)",
                     data.string());
}

void remove_empty_job(const fs::path& job) {
  std::error_code left;
  const auto names = names_in(job, left);
  if (!left && names.size() == 1 && names.front() == owner_name)
    fs::remove(job / owner_name, left);
  fs::remove(job, left);
}

} // namespace weir
