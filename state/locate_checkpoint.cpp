// The reading half of checkpoint_directory.hpp: finds and verifies a checkpoint that some
// job, perhaps long gone, has left. Changes nothing on disk.
#include "serialization/capnp/metadata_format.hpp"
#include "serialization/envelope.hpp"
#include "serialization/error.hpp"
#include "state/checkpoint_directory.hpp"
#include "state/checkpoint_names.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>

#include <string_view>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw error(failure::restore_refused,
              fmt::format("cannot restore from '{}': {}", path.string(), reason));
}

// What the user wrote, without file:// and trailing slashes.
fs::path plain_path(const fs::path& path) {
  constexpr std::string_view scheme = "file://";
  std::string text = path.string();
  if (text.starts_with(scheme))
    text.erase(0, scheme.size());
  while (text.size() > 1 && text.back() == '/')
    text.pop_back();
  std::error_code unknown;
  return text.empty() ? fs::path() : fs::absolute(text, unknown).lexically_normal();
}

// "use chk-3", with the complete checkpoints of `job`.
std::string advice(const fs::path& job) {
  constexpr std::size_t shown_max = 8;
  const auto ids = complete_checkpoints(job);
  if (ids.empty())
    return fmt::format("there is no complete checkpoint in '{}'", job.string());
  std::string shown = ids.size() > shown_max ? "..., " : "";
  for (std::size_t i = ids.size() - std::min(ids.size(), shown_max); i < ids.size(); ++i)
    shown += checkpoint_name(ids[i]) + (i + 1 < ids.size() ? ", " : "");
  return fmt::format("use '{}' (complete there: {})",
                     (job / checkpoint_name(ids.back())).string(), shown);
}

// The chk-N directory that `path` means, or a refusal that says what it is instead.
fs::path checkpoint_directory_of(const fs::path& path) {
  std::error_code unknown;
  const fs::file_status status = fs::status(path, unknown);
  if (!fs::exists(status)) {
    const bool job_exists = fs::is_directory(path.parent_path(), unknown);
    const bool beside = job_exists && (checkpoint_of_name(path.filename().string()) ||
                                       !complete_checkpoints(path.parent_path()).empty());
    refuse(path, beside ? "it does not exist; " + advice(path.parent_path())
                        : "it does not exist; check the path");
  }
  if (path.filename() == metadata_name && fs::is_regular_file(status))
    return path.parent_path();
  if (!fs::is_directory(status))
    refuse(path, "it is neither a checkpoint directory nor its _metadata; name the "
                 "directory chk-N");
  if (is_complete(path))
    return path;
  if (checkpoint_of_name(path.filename().string()))
    refuse(path, "it has no _metadata, so this checkpoint was not completed; " +
                     advice(path.parent_path()));
  if (!complete_checkpoints(path).empty())
    refuse(path, "it holds the checkpoints of a job; " + advice(path));
  refuse(path, "it is not a checkpoint directory (no _metadata); name a directory chk-N");
}

void verify_file(const fs::path& path, const file_handle& file) {
  const auto differs = [&](const auto& expected, const auto& actual) {
    refuse(path, fmt::format("its {} and it has {}: the file is damaged; restore from "
                             "another checkpoint",
                             expected, actual));
  };
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(path, missing);
  if (missing)
    refuse(path, fmt::format("{}, and the checkpoint needs it; copy it back or restore "
                             "from another checkpoint",
                             missing.message()));
  if (size != file.size)
    differs(fmt::format("size should be {} bytes", file.size),
            fmt::format("{} bytes", size));
  const measured_file measured = measure_file(path, failure::restore_refused);
  if (measured.sum != file.sum)
    differs(fmt::format("checksum should be {}", file.sum.hex()), measured.sum.hex());
}

} // namespace

located_checkpoint locate_checkpoint(const fs::path& path) {
  const fs::path directory = checkpoint_directory_of(plain_path(path));
  const fs::path metadata = directory / metadata_name;
  return {.directory = directory,
          .shared = directory.parent_path() / "shared",
          .metadata = decode_metadata(read_file(metadata, failure::restore_refused),
                                      metadata.string())};
}

std::vector<std::byte> read_checkpoint_file(const fs::path& checkpoint,
                                            const file_handle& file) {
  if (file.content)
    return *file.content; // compared when the metadata was read
  const fs::path path = checkpoint / file.name;
  auto bytes = read_file(path, failure::restore_refused);
  if (const checksum sum = checksum_of(bytes); sum != file.sum)
    refuse_restore(path.string(),
                   fmt::format("is not the file that the checkpoint names: its checksum "
                               "should be {} and is {}",
                               file.sum.hex(), sum.hex()));
  return bytes;
}

void verify_checkpoint(const located_checkpoint& checkpoint) {
  // Subtasks may share a file: it is read once for each thing said about it.
  std::set<std::string> verified;
  for_each_file(checkpoint.metadata, [&](bool shared, const file_handle& file) {
    if (shared &&
        !verified.insert(fmt::format("{} {} {}", file.name, file.size, file.sum.hex()))
             .second)
      return;
    verify_file((shared ? checkpoint.shared : checkpoint.directory) / file.name, file);
  });
}

} // namespace weir
