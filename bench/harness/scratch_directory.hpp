// A directory of its own for one run, removed with everything in it at the end.
#pragma once

#include <filesystem>

namespace weir::bench {

class scratch_directory {
public:
  /// Creates `weir-bench-<random>` below `parent`.
  explicit scratch_directory(const std::filesystem::path& parent);
  ~scratch_directory();
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace weir::bench
