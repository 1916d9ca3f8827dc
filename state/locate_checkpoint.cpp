#include "state/locate_checkpoint.hpp"

#include "serialization/capnp/metadata_format.hpp"
#include "serialization/envelope.hpp"
#include "serialization/error.hpp"
#include "state/checkpoint_names.hpp"
#include "state/job_places.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw error(failure::restore_refused,
              fmt::format("cannot restore from '{}': {}", path.string(), reason));
}

/// "a, b and 3 more".
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t shown_max = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), shown_max); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  return names.size() <= shown_max
             ? text
             : fmt::format("{} and {} more", text, names.size() - shown_max);
}

/// Which of the checkpoints of `job` to take instead of `refused`.
std::string advice(const fs::path& job, const fs::path& refused,
                   const fs::path& moved_to) {
  std::vector<std::string> names;
  for (const checkpoint_id id : complete_checkpoints(job))
    if (job / checkpoint_name(id) != refused)
      names.insert(names.begin(), checkpoint_name(id));
  if (names.empty())
    return fmt::format("there is no {}complete checkpoint in '{}'",
                       is_complete(refused) ? "other " : "", job.string());
  if (const auto intact = newest_intact(job, refused, moved_to))
    return fmt::format("use '{}', the newest intact checkpoint there (complete: {})",
                       intact->string(), some_of(names));
  return fmt::format(
      "no other checkpoint in '{}' is intact ({} are complete and damaged)", job.string(),
      some_of(names));
}

/// The jobs with complete checkpoints in a directory of several.
std::vector<std::string> jobs_in(const fs::path& root) {
  std::vector<std::string> jobs;
  std::error_code unreadable;
  std::error_code unknown; // of others' directories
  for (const fs::path& name : names_in(root, unreadable))
    if (!complete_checkpoints(root / name, unknown).empty())
      jobs.push_back(name.string());
  return jobs;
}

[[noreturn]] void refuse_missing(const fs::path& path, const fs::path& moved_to) {
  std::error_code unknown;
  const bool job_exists = fs::is_directory(path.parent_path(), unknown);
  const bool beside = job_exists && (checkpoint_of_name(path.filename().string()) ||
                                     !complete_checkpoints(path.parent_path()).empty());
  refuse(path, beside ? "it does not exist; " + advice(path.parent_path(), path, moved_to)
                      : "it does not exist; check the path");
}

/// If that is the data directory of a job, or a checkpoint's files in one.
void refuse_data(const fs::path& path) {
  for (const fs::path& data : {path, path.parent_path()})
    if (const auto owner = owner_of(data))
      refuse(path, fmt::format("it has files of checkpoints whose _metadata is in '{}'; "
                               "name one there",
                               owner->string()));
}

/// The chk-N directory that `path` means, or a refusal that says what it is instead.
fs::path checkpoint_directory_of(const fs::path& path, const fs::path& moved_to) {
  std::error_code unknown;
  const fs::file_status status = fs::status(path, unknown);
  if (!fs::exists(status))
    refuse_missing(path, moved_to);
  if (path.filename() == metadata_name && fs::is_regular_file(status))
    return path.parent_path();
  if (!fs::is_directory(status))
    refuse(path, "it is neither a checkpoint directory nor its _metadata; name the "
                 "directory chk-N");
  if (is_complete(path))
    return path;
  refuse_data(path);
  if (checkpoint_of_name(path.filename().string()))
    refuse(path, "it has no _metadata, so this checkpoint was not completed; " +
                     advice(path.parent_path(), path, moved_to));
  if (const auto ids = complete_checkpoints(path); !ids.empty())
    return path / checkpoint_name(ids.back());
  if (const auto jobs = jobs_in(path); !jobs.empty())
    refuse(path, fmt::format("it holds the directories of jobs; name one of them: {}",
                             some_of(jobs)));
  refuse(path, "it is not a checkpoint directory (no _metadata), and no complete "
               "checkpoint is in it; name a directory chk-N or that of a job");
}

/// None when its metadata cannot be read, and why.
std::optional<located_checkpoint>
try_read(const fs::path& directory, const fs::path& moved_to, std::string& refusal) {
  const auto bytes = try_read_file(directory / metadata_name);
  if (!bytes) {
    refusal = "cannot be read: check its permissions and the disk";
    return std::nullopt;
  }
  auto metadata = try_decode_metadata(*bytes, refusal);
  if (!metadata)
    return std::nullopt;
  // It is sound, and would do without any file if all stands in it.
  const auto named = checkpoint_of_name(directory.filename().string());
  if (named && *named != metadata->id) {
    refusal = fmt::format("is the one of {}; put that of {} back, or take another "
                          "checkpoint",
                          checkpoint_name(metadata->id), checkpoint_name(*named));
    return std::nullopt;
  }
  const auto places = places_of(*metadata, directory.parent_path(), moved_to);
  return located_checkpoint{
      directory, places.apart() ? places.data / checkpoint_name(metadata->id) : directory,
      places.data / "shared", std::move(*metadata)};
}

/// None: its files lie beside the metadata.
std::optional<fs::path> data_root_of(const located_checkpoint& checkpoint) {
  return checkpoint.metadata.data_root.empty()
             ? std::nullopt
             : std::optional(checkpoint.data.parent_path().parent_path());
}

/// The directory of files that lie apart, if it is not there, as when it is not mounted.
std::optional<fs::path> missing_data(const located_checkpoint& checkpoint) {
  const fs::path directory = checkpoint.data.parent_path();
  std::error_code unknown;
  if (!data_root_of(checkpoint) || fs::is_directory(directory, unknown))
    return std::nullopt;
  bool needed = false;
  for_each_file(checkpoint.metadata, [&](bool, const file_handle&) { needed = true; });
  return needed ? std::optional(directory) : std::nullopt;
}

std::optional<damaged_file> damage_of(const fs::path& path, const file_handle& file) {
  const auto should_be = [&](const auto& expected, const auto& actual) {
    return damaged_file{path, false,
                        fmt::format("its {} and it has {}", expected, actual)};
  };
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(path, missing);
  if (missing)
    return damaged_file{path, true, missing.message()};
  if (size != file.size)
    return should_be(fmt::format("size should be {} bytes", file.size),
                     fmt::format("{} bytes", size));
  int error_number = 0;
  const auto measured = try_measure_file(path, error_number);
  if (!measured)
    return damaged_file{path, false,
                        fmt::format("it cannot be read: {}",
                                    std::generic_category().message(error_number))};
  if (measured->sum != file.sum)
    return should_be(fmt::format("checksum should be {}", file.sum.hex()),
                     measured->sum.hex());
  return std::nullopt;
}

/// As below the job directory: "shared/<name>".
std::vector<std::string> missing_names(const std::vector<damaged_file>& damaged) {
  std::vector<std::string> names;
  for (const damaged_file& file : damaged)
    if (file.missing)
      names.push_back(
          (file.path.parent_path().filename() / file.path.filename()).string());
  return names;
}

} // namespace

fs::path plain_path(const fs::path& path) {
  std::string text = path.string();
  for (const std::string_view scheme : {"file://", "file:/"})
    if (text.starts_with(scheme)) {
      text.erase(0, scheme == "file:/" ? scheme.size() - 1 : scheme.size());
      break;
    }
  while (text.size() > 1 && text.back() == '/')
    text.pop_back();
  std::error_code unknown;
  return text.empty() ? fs::path() : fs::absolute(text, unknown).lexically_normal();
}

located_checkpoint locate_checkpoint(const fs::path& path, const fs::path& moved_to) {
  const fs::path root = plain_path(moved_to);
  const fs::path directory = checkpoint_directory_of(plain_path(path), root);
  std::string refusal;
  auto located = try_read(directory, root, refusal);
  if (!located)
    refuse(directory / metadata_name,
           fmt::format("it {}; {}", refusal,
                       advice(directory.parent_path(), directory, root)));
  return *std::move(located);
}

std::vector<std::byte> read_checkpoint_file(const fs::path& data,
                                            const file_handle& file) {
  if (file.content)
    return *file.content; // compared when the metadata was read
  const fs::path path = data / file.name;
  auto bytes = read_file(path, failure::restore_refused);
  if (const checksum sum = checksum_of(bytes); sum != file.sum)
    refuse_restore(path.string(),
                   fmt::format("is not the file that the checkpoint names: its checksum "
                               "should be {} and is {}",
                               file.sum.hex(), sum.hex()));
  return bytes;
}

std::vector<damaged_file> damaged_files(const located_checkpoint& checkpoint) {
  if (const auto directory = missing_data(checkpoint))
    return {{*directory, true,
             "the data directory of the job does not exist; mount it or put it back, or "
             "say where it is now (--data-dir DIR)"}};
  // Subtasks may share a file: it is read once for each thing said about it.
  std::set<std::string> compared;
  std::vector<damaged_file> damaged;
  for_each_file(checkpoint.metadata, [&](bool shared, const file_handle& file) {
    if (shared &&
        !compared.insert(fmt::format("{} {} {}", file.name, file.size, file.sum.hex()))
             .second)
      return;
    if (auto damage =
            damage_of((shared ? checkpoint.shared : checkpoint.data) / file.name, file))
      damaged.push_back(std::move(*damage));
  });
  return damaged;
}

std::optional<fs::path> newest_intact(const fs::path& job, const fs::path& but,
                                      const fs::path& moved_to) {
  auto ids = complete_checkpoints(job);
  std::ranges::reverse(ids);
  for (const checkpoint_id id : ids) {
    const fs::path directory = job / checkpoint_name(id);
    std::string refusal;
    if (directory == but)
      continue;
    if (const auto located = try_read(directory, moved_to, refusal);
        located && damaged_files(*located).empty())
      return directory;
  }
  return std::nullopt;
}

void verify_checkpoint(const located_checkpoint& checkpoint) {
  const auto damaged = damaged_files(checkpoint);
  if (damaged.empty())
    return;
  if (const auto directory = missing_data(checkpoint))
    refuse(checkpoint.directory, missing_data_text(*directory));
  const std::string instead =
      advice(checkpoint.directory.parent_path(), checkpoint.directory,
             data_root_of(checkpoint).value_or(fs::path()));
  if (const auto missing = missing_names(damaged); !missing.empty())
    refuse(
        checkpoint.directory,
        fmt::format("{} of its files {} missing in '{}': {}; copy what is missing from "
                    "where the job ran ('weir checkpoint copy' takes chk-N and all it "
                    "needs of shared/); {}",
                    missing.size(), missing.size() == 1 ? "is" : "are",
                    checkpoint.data.parent_path().string(), some_of(missing), instead));
  const std::string others =
      damaged.size() == 1 ? "" : fmt::format(", as are {} more", damaged.size() - 1);
  refuse(damaged.front().path, fmt::format("{}: the file is damaged{}; {}",
                                           damaged.front().reason, others, instead));
}

} // namespace weir
