// The example jobs of apps/, each with input and the one output that it must have,
// however it is run. The golden files were computed without weir.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace weir::testing {

struct application {
  std::string name;
  /// Options of the job that name its input, and the golden file each stands for.
  std::map<std::string, std::string> inputs;
  /// Directories below the one that the job's option `output` names ("." is itself), and
  /// the golden file with all lines of each, sorted.
  std::map<std::string, std::string> outputs;

  std::filesystem::path library() const;
  /// All options of the job, with `output` as the directory that it writes.
  std::map<std::string, std::string> options(const std::filesystem::path& output) const;
  /// What is wrong with what was written to `output`, in one line; empty if nothing is.
  std::string wrong_with(const std::filesystem::path& output) const;
};

const std::vector<application>& applications();

} // namespace weir::testing
