// The reading half of checkpoint_directory.hpp: finds and verifies a checkpoint that some
// job, perhaps long gone, has left. Called by whoever restores or looks at one, on any
// thread. Changes nothing on disk.
#pragma once

#include "serialization/checkpoint_metadata.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// A complete checkpoint, read and found sound.
struct located_checkpoint {
  std::filesystem::path directory; // .../chk-N
  std::filesystem::path data; // where its own files are: the same, unless they lie apart
  std::filesystem::path shared; // .../shared beside that
  checkpoint_metadata metadata;
};

/// `path` is a chk-N directory, its `_metadata`, or a job directory, which stands for its
/// newest complete checkpoint; plain, file:/path or file:///path. Reads and checks the
/// metadata; throws failure::restore_refused with one line that says what is wrong and
/// what to do, and names the newest intact checkpoint beside it. Its files are looked for
/// below `moved_to`, unless that is empty, if they lie apart from the metadata.
located_checkpoint locate_checkpoint(const std::filesystem::path& path,
                                     const std::filesystem::path& moved_to = {});

/// What the user wrote, absolute, without file: and slashes behind it.
std::filesystem::path plain_path(const std::filesystem::path& path);

/// The bytes of a file in located_checkpoint::data; throws failure::restore_refused if
/// they are not those that the checkpoint names.
std::vector<std::byte> read_checkpoint_file(const std::filesystem::path& data,
                                            const file_handle& file);

/// A file that is not as the checkpoint names it.
struct damaged_file {
  std::filesystem::path path;
  bool missing = false;
  std::string reason; // "its size should be 8 bytes and it has 3 bytes"
};

/// Compares size and checksum of every file the checkpoint names. Where the directory of
/// all that lies apart from the metadata is gone it is that one, and no file.
std::vector<damaged_file> damaged_files(const located_checkpoint& checkpoint);

/// The newest complete checkpoint of a job all of whose files are as it names them, other
/// than `but`. Reads all that is newer. `moved_to` as in locate_checkpoint().
std::optional<std::filesystem::path>
newest_intact(const std::filesystem::path& job, const std::filesystem::path& but,
              const std::filesystem::path& moved_to = {});

/// Throws failure::restore_refused if a file of the checkpoint is damaged, naming the
/// files that are missing, or the directory of all of them, or else the first that
/// differs, and what to restore instead.
void verify_checkpoint(const located_checkpoint& checkpoint);

} // namespace weir
