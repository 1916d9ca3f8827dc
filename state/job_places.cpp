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

std::optional<std::string> text_in(const fs::path& file) {
  const auto bytes = try_read_file(file);
  if (!bytes)
    return std::nullopt;
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

void write_note(const fs::path& directory, std::string_view name, std::string_view text) {
  const fs::path temporary =
      directory / fmt::format("{}{}", temporary_prefix, name.substr(1));
  write_file_durably(temporary, std::as_bytes(std::span(text)));
  rename_durably(temporary, directory / name);
}

bool has_checkpoint_files(const fs::path& job) {
  return std::ranges::any_of(
      names_in(job, failure::restore_refused),
      [](const fs::path& name) { return checkpoint_of_name(name.string()).has_value(); });
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
  if (!may_exist(data / owner_name))
    return std::nullopt;
  std::string path = text_in(data / owner_name).value_or("");
  if (path.ends_with('\n'))
    path.pop_back();
  return is_data_root(path) ? path : "unknown"; // which may be nobody's but is not ours
}

void note_owner(const job_places& places) {
  if (owner_of(places.data) == places.metadata)
    return;
  write_note(places.data, owner_name, places.metadata.string() + "\n");
}

void note_job(const fs::path& job, std::string_view note) {
  write_note(job, job_note_name, note);
}

std::optional<std::string> job_note(const fs::path& job) {
  return text_in(job / job_note_name);
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
  const auto is_note = [](const fs::path& name) { // or was about to become one
    return name == owner_name || name == job_note_name ||
           name.string().starts_with(temporary_prefix);
  };
  if (!left && std::ranges::all_of(names, is_note))
    for (const fs::path& note : names)
      fs::remove(job / note, left);
  fs::remove(job, left);
}

} // namespace weir
