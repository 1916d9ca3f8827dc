// What checkpoints there are in a directory, for whoever looks at it without a job.
// Changes nothing on disk; a job may be running there.
#pragma once

#include "serialization/checkpoint_metadata.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Files that a checkpoint refers to, each once.
struct checkpoint_size {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t shared_files = 0; // of these
  std::uint64_t shared_bytes = 0;
};

checkpoint_size size_of(const checkpoint_metadata& metadata);

struct listed_checkpoint {
  checkpoint_id id; // 0: a savepoint whose metadata cannot be read
  std::filesystem::path directory;
  bool complete = false;
  std::string problem; // why the metadata of a complete one cannot be read
  std::optional<checkpoint_metadata> metadata;
};

struct listed_job {
  std::filesystem::path directory;
  bool running = false;
  std::vector<listed_checkpoint> checkpoints; // ascending
};

/// `path` is a job directory, one with savepoints, or holds several. Throws
/// failure::restore_refused if there is no checkpoint, not even an incomplete one.
std::vector<listed_job> list_checkpoints(const std::filesystem::path& path);

} // namespace weir
