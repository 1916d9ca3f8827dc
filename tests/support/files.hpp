// Files of a test: a directory of its own, what lies in it, and what jobs wrote there.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace weir::testing {

/// A new directory below the system's temporary one, or below `parent`, removed with this
/// object unless kept.
class temporary_directory {
public:
  temporary_directory();
  explicit temporary_directory(const std::filesystem::path& parent);
  ~temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  void keep() noexcept { kept_ = true; }

private:
  std::filesystem::path path_;
  bool kept_ = false;
};

/// A parent for temporary directories that need not survive anything: in memory if the
/// system has such a place.
std::filesystem::path fast_directory();

/// Every name below `root`, with type, size and time of change as one text.
std::map<std::string, std::string> listing(const std::filesystem::path& root);

std::string read_text(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, const std::string& text);
std::vector<std::string> lines_of(const std::filesystem::path& file);
/// The lines of all files in `directory`, sorted.
std::vector<std::string> sorted_lines(const std::filesystem::path& directory);
/// The regular files directly in `directory`, sorted by name.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& directory);
/// Complete checkpoints in a job directory, ascending.
std::vector<std::filesystem::path> checkpoints_in(const std::filesystem::path& job);

} // namespace weir::testing
