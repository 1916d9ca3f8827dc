// The backends that write all rows of a subtask with every checkpoint that changes one:
// as a file of the checkpoint (`filesystem`) or into its metadata (`memory`). They need
// no library, and their checkpoints refer to no shared files. Between checkpoints the
// rows stand in one row file, in the work directory or in memory, and each run is merged
// with it into the next. A checkpoint of the one restores into the other.
#pragma once

#include "state/backend.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace weir {

struct full_settings {
  /// Blocks of rows are compressed with zstd; what was written otherwise is read as well.
  bool compress = false;
  /// state.backend.memory.max-size: what a subtask may add to the metadata of a
  /// checkpoint; more ends the job there.
  std::uint64_t memory_size_max = std::uint64_t{5} * 1024 * 1024;
};

/// No rows; works in `directory`, which exists and is empty.
std::unique_ptr<backend> open_filesystem_backend(const full_settings& settings,
                                                 const std::filesystem::path& directory);

/// The rows of the sources; their files are verified, and stay as they are. One that is
/// taken over whole is hard-linked (copied across file systems) into `directory`.
std::unique_ptr<backend> open_filesystem_backend(const full_settings& settings,
                                                 const std::filesystem::path& directory,
                                                 const keyed_origin& origin);

std::unique_ptr<backend> open_memory_backend(const full_settings& settings);
std::unique_ptr<backend> open_memory_backend(const full_settings& settings,
                                             const keyed_origin& origin);

} // namespace weir
