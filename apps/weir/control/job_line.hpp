// `weir list`, `info`, `savepoint`, `stop` and `cancel` as plain data. CLI11 stays in the
// .cpp.
#pragma once

#include "apps/weir/output_mode.hpp"

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace weir::cli {

enum class job_verb { list, info, checkpoint, savepoint, dispose, stop, drain, cancel };

struct job_command {
  job_verb verb = job_verb::list;
  std::string job;                 // its id, or the beginning of it
  std::filesystem::path directory; // of savepoints; dispose: the savepoint
  output_mode mode = output_mode::text;
  std::string form = {}; // of a checkpoint: full, incremental, or as it comes
};

/// Their flags, filled in while `app` is parsed.
class job_flags {
public:
  void declare(CLI::App& weir);
  /// Whether one of them is what stands on the command line.
  bool chosen() const noexcept { return chosen_; }
  job_command command() const;

private:
  CLI::App* verb(CLI::App& weir, const char* name, job_verb verb, const char* what);
  void takes_job(CLI::App* verb);
  void takes_directory(CLI::App* verb);

  bool chosen_ = false;
  job_verb verb_ = job_verb::list;
  std::string job_;
  std::string directory_;
  std::string disposed_;
  bool drain_ = false;
  bool json_ = false;
};

} // namespace weir::cli
