#include "tests/crash/published_output.hpp"

#include "tests/support/files.hpp"

#include <stdexcept>

namespace weir::testing {

namespace fs = std::filesystem;

void published_output::look(const fs::path& output) {
  for (const auto& [file, before] : seen_)
    if (!fs::exists(file))
      throw std::runtime_error("'" + file.string() + "' was published and has gone");
  std::error_code absent;
  for (const auto& directory : fs::directory_iterator(output, absent))
    for (const auto& entry : fs::directory_iterator(directory))
      if (entry.is_regular_file())
        look_at(entry.path());
}

void published_output::look_at(const fs::path& file) {
  const sighting now{fs::file_size(file), fs::last_write_time(file)};
  const auto [before, first] = seen_.emplace(file, now);
  if (before->second != now)
    throw std::runtime_error("'" + file.string() + "' was published and has changed");
  if (first && !read_text(file).ends_with('\n'))
    throw std::runtime_error("'" + file.string() + "' was published unfinished");
}

} // namespace weir::testing
