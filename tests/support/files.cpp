#include "tests/support/files.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

std::uint64_t number_of(const fs::path& checkpoint) {
  return std::stoull(checkpoint.filename().string().substr(sizeof "chk-" - 1));
}

} // namespace

temporary_directory::temporary_directory()
    : temporary_directory(fs::temp_directory_path()) {}

temporary_directory::temporary_directory(const fs::path& parent) {
  std::string name = parent / "weir-test-XXXXXX";
  if (!::mkdtemp(name.data()))
    throw std::system_error(errno, std::generic_category(), "making " + name);
  path_ = name;
}

temporary_directory::~temporary_directory() {
  std::error_code left;
  if (!kept_)
    fs::remove_all(path_, left);
}

fs::path fast_directory() {
  const fs::path in_memory = "/dev/shm";
  return ::access(in_memory.c_str(), W_OK) == 0 ? in_memory : fs::temp_directory_path();
}

std::map<std::string, std::string> listing(const fs::path& root) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto changed = entry.last_write_time().time_since_epoch().count();
    found[entry.path().lexically_relative(root)] =
        (entry.is_regular_file() ? std::to_string(entry.file_size()) + " bytes"
                                 : std::string("directory")) +
        " changed " + std::to_string(changed);
  }
  return found;
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw std::system_error(errno, std::generic_category(), "reading " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush())
    throw std::system_error(errno, std::generic_category(), "writing " + file.string());
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

std::vector<std::string> sorted_lines(const fs::path& directory) {
  std::vector<std::string> all;
  for (const auto& file : files_in(directory)) {
    auto lines = lines_of(file);
    std::move(lines.begin(), lines.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<fs::path> files_in(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.is_regular_file())
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> checkpoints_in(const fs::path& job) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(job))
    if (fs::exists(entry.path() / "_metadata"))
      found.push_back(entry.path());
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return number_of(a) < number_of(b); });
  return found;
}

} // namespace weir::testing
