// The job whose files are lost and whose calls fail: everything that it writes lies in
// one directory, and what that has to be in the end follows from the number of its
// records.
#pragma once

#include "operators/weir.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace weir::testing {

struct numbered_job {
  std::uint64_t records = 0;

  /// Counts per key to a sink with transactions, the numbers themselves to one without.
  void build(job& job, const std::filesystem::path& output) const;
  /// Empty if every line was written once.
  std::string wrong_with(const std::filesystem::path& output) const;
};

/// What a transactional sink has published, by file.
std::map<std::filesystem::path, std::string>
published_in(const std::filesystem::path& output);

} // namespace weir::testing
