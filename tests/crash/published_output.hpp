// Watches the output of sinks that publish whole files, as a reader would that comes by
// at any time: what it has seen once stays as it was.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>

namespace weir::testing {

class published_output {
public:
  /// Looks at all directories below `output`. Throws std::runtime_error for a file that
  /// is not finished, has changed, or has gone.
  void look(const std::filesystem::path& output);
  /// What was seen may be taken back: the job resumes from a checkpoint before.
  void forget() noexcept { seen_.clear(); }

  std::uint64_t files() const noexcept { return seen_.size(); }

private:
  struct sighting {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type written{};

    friend bool operator==(const sighting&, const sighting&) = default;
  };

  void look_at(const std::filesystem::path& file);

  std::map<std::filesystem::path, sighting> seen_;
};

} // namespace weir::testing
