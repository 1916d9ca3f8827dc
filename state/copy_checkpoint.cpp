#include "state/copy_checkpoint.hpp"

#include "serialization/capnp/metadata_format.hpp"
#include "serialization/file_name.hpp"
#include "state/checkpoint_names.hpp"
#include "state/job_lock.hpp"
#include "state/job_places.hpp"
#include "state/storage/file_piece.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t copied_piece_bytes = std::size_t{1} << 20;

/// Removes what it has been told of, unless it is kept.
class unfinished_files {
public:
  unfinished_files() = default;
  ~unfinished_files() {
    std::error_code left;
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path)
      fs::remove(*path, left); // a directory: if nothing else is in it
  }
  unfinished_files(const unfinished_files&) = delete;
  unfinished_files& operator=(const unfinished_files&) = delete;

  const fs::path& add(fs::path path) { return paths_.emplace_back(std::move(path)); }
  void keep() { paths_.clear(); }

private:
  std::vector<fs::path> paths_;
};

[[noreturn]] void refuse_damaged(const fs::path& path, const measured_file& found,
                                 const file_handle& wanted) {
  throw error(
      failure::restore_refused,
      fmt::format("cannot copy '{}': it should have {} bytes with checksum {} and "
                  "has {} with {}; copy another checkpoint",
                  path.string(), wanted.size, wanted.sum.hex(), found.size,
                  found.sum.hex()));
}

/// The content is durable on return.
measured_file copy_durably_as(const fs::path& from, const fs::path& to) {
  const file_reader in(from, failure::restore_refused);
  file_writer out(to);
  checksum_builder sum;
  file_piece piece(copied_piece_bytes);
  for (std::uint64_t at = 0; at < in.size();) {
    const auto size = std::min<std::uint64_t>(copied_piece_bytes, in.size() - at);
    const auto bytes = piece.first(static_cast<std::size_t>(size));
    in.read_at(at, bytes);
    sum.add(bytes);
    out.append(bytes);
    at += size;
  }
  out.make_durable();
  return {in.size(), sum.finish()};
}

/// Shared files may be there already, of another checkpoint of the job.
void copy_checked(const fs::path& from, const fs::path& to, const file_handle& file,
                  unfinished_files& unfinished) {
  const auto compare = [&](const fs::path& path, const measured_file& found) {
    if (found.size != file.size || found.sum != file.sum)
      refuse_damaged(path, found, file);
  };
  std::error_code unknown;
  if (fs::exists(to, unknown))
    return compare(to, measure_file(to, failure::restore_refused));
  const fs::path temporary =
      to.parent_path() / (std::string(temporary_prefix) + to.filename().string());
  unfinished.add(temporary);
  compare(from, copy_durably_as(from, temporary));
  unfinished.add(to);
  fs::rename(temporary, to, unknown);
  if (unknown)
    throw_file_error(failure::job_failed, "create", to, unknown.value());
}

/// Of one whose files lie apart it says so no more.
void copy_metadata(const located_checkpoint& from, const fs::path& to) {
  if (from.metadata.data_root.empty()) {
    copy_durably_as(from.directory / metadata_name, to);
    return;
  }
  checkpoint_metadata together = from.metadata;
  together.data_root.clear();
  write_file_durably(to, encode_metadata(together));
}

/// Also of those that weir wrote before it said whose they are.
std::string job_of(const located_checkpoint& checkpoint) {
  const std::string& said = checkpoint.metadata.job_id;
  return is_file_name(said) ? said
                            : checkpoint.directory.parent_path().filename().string();
}

void create(const fs::path& directory) {
  if (const int error_number = try_create_durably(directory))
    throw_file_error(failure::usage, "create directory", directory, error_number);
}

} // namespace

fs::path copy_checkpoint(const located_checkpoint& from, const fs::path& root) {
  const fs::path job = plain_path(root) / job_of(from);
  const fs::path shared = job / "shared";
  const fs::path to = job / checkpoint_name(from.metadata.id);
  if (const auto owner = owner_of(job))
    throw error(failure::usage,
                fmt::format("cannot copy to '{}': it has the files of the checkpoints in "
                            "'{}'; choose another directory",
                            job.string(), owner->string()));
  std::error_code unknown;
  if (fs::exists(fs::symlink_status(to, unknown)))
    throw error(failure::usage,
                fmt::format("cannot copy to '{}': it exists; choose another directory",
                            to.string()));
  unfinished_files places;
  if (!fs::exists(job.parent_path(), unknown))
    places.add(job.parent_path());
  create(job);
  const job_lock lock(job); // nobody takes away what nothing refers to yet
  unfinished_files unfinished;
  unfinished.add(shared);
  create(shared);
  if (::mkdir(unfinished.add(to).c_str(), 0755) != 0)
    throw_file_error(failure::usage, "create", to, errno);
  for_each_file(from.metadata, [&](bool is_shared, const file_handle& file) {
    copy_checked((is_shared ? from.shared : from.data) / file.name,
                 (is_shared ? shared : to) / file.name, file, unfinished);
  });
  const fs::path temporary = unfinished.add(to / "._metadata_temp");
  copy_metadata(from, temporary);
  fsync_directory(shared);
  fsync_directory(job);
  rename_durably(temporary, to / metadata_name);
  unfinished.keep();
  places.keep();
  return to;
}

} // namespace weir
