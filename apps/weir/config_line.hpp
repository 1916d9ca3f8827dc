// What of a command line is about options: -c, -D and -p, and `weir config check`. CLI11
// stays in the .cpp.
#pragma once

#include "apps/weir/output_mode.hpp"
#include "operators/job.hpp"
#include "runtime/config.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace weir::cli {

/// What a run is started with, before anything of it has been read.
struct given_options {
  std::optional<std::filesystem::path> file; // of -c, or found
  bool found = false;                        // not asked for: ./weir.yaml
  std::vector<std::string> defines;          // NAME=VALUE
  std::string parallelism;                   // empty: nothing
};

/// Sets them, and returns all that is wrong with them, one line each.
std::vector<std::string> set_options(run_config& config, const given_options& given);

/// The same; throws failure::usage for the first of them.
void set_options_or_throw(run_config& config, const given_options& given);

/// As they were written, but for a file that was found.
std::vector<std::string> words_of(const given_options& given);

/// What stands behind `--`: --NAME VALUE or --NAME=VALUE. Throws failure::usage.
job_options parse_job_options(const std::vector<std::string>& arguments);

/// The flags, filled in while `app` is parsed.
class option_flags {
public:
  void declare(CLI::App& app);
  given_options given() const;

private:
  CLI::Option* file_option_ = nullptr;
  std::string file_;
  std::string parallelism_;
  std::vector<std::string> defines_;
};

/// `weir config check`.
struct config_command {
  given_options given;
  std::string job; // whose code has a say; empty: no job's
  job_options options;
  output_mode mode = output_mode::text;
};

class config_flags {
public:
  void declare(CLI::App& weir);
  /// Whether that is what stands on the command line.
  bool chosen() const;
  /// `arguments` are those of the job.
  config_command command(const std::vector<std::string>& arguments) const;

private:
  CLI::App* app_ = nullptr;
  option_flags options_;
  std::string job_;
  bool json_ = false;
};

} // namespace weir::cli
