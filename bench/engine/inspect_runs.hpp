// A checkpoint of many small rows, and how fast `weir` says what is in it: the command
// itself, as a user starts it, beside what the machine does with the same files.
#pragma once

#include "bench/harness/figures.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace weir::bench {

class inspected_checkpoint {
public:
  /// Counts of `rows` keys, in the databases of one subtask, below `directory`.
  inspected_checkpoint(const std::filesystem::path& directory, std::uint64_t rows);

  /// `weir state dump [--json]`: rows per second of the whole command, to /dev/null or
  /// through a pipe to a reader that throws them away.
  run_figures dump(bool json, bool pipe) const;
  /// `weir checkpoint verify`, and `xxhsum -H2` of the same files; in bytes.
  run_figures verify() const;
  run_figures xxhsum() const;

private:
  run_figures timed(const std::string& command, std::uint64_t records) const;

  std::filesystem::path checkpoint_;
  std::string files_; // quoted, for a shell
  std::uint64_t bytes_ = 0;
  std::uint64_t rows_;
};

/// Whether there is an xxhsum (package xxhash) to compare with.
bool has_xxhsum();

} // namespace weir::bench
