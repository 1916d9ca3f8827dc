// What stands on the command line of a run, be it behind `weir run` or behind the name of
// a job that is its own program, as plain data. CLI11 stays in the .cpp.
#pragma once

#include "apps/weir/config_line.hpp"
#include "apps/weir/output_mode.hpp"
#include "apps/weir/resume/resume_command.hpp"
#include "operators/job.hpp"
#include "runtime/run.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

struct run_command {
  std::filesystem::path job; // empty for a job that is its own executable
  run_request request;
  job_options options; // what stands behind `--`
  output_mode mode = output_mode::text;
  bool dry = false; // only to say whether it would begin
  /// Read though nobody has named it.
  std::optional<std::filesystem::path> options_found = {};
  /// Read because somebody has; or else empty.
  std::filesystem::path options_file = {};
  invocation how = {};
  /// The directory of the job that goes on; none: a new one begins.
  std::optional<std::filesystem::path> resumed = {};
  /// Where it ran, if not here.
  std::filesystem::path directory = {};
};

/// Its flags, filled in while `app` is parsed.
class run_flags {
public:
  /// `program`: the words by which it was called, `weir run` or that of the job.
  explicit run_flags(std::vector<std::string> program) : program_(std::move(program)) {}

  void declare(CLI::App& app, bool with_job);
  /// `arguments` are those of the job. Throws failure::usage, and
  /// failure::restore_refused for a job of -r that cannot be found.
  run_command command(const std::vector<std::string>& arguments) const;

private:
  void begin_anew(run_command& parsed, const given_options& given) const;
  void go_on(run_command& parsed, const given_options& given,
             std::vector<std::string>& arguments) const;

  std::vector<std::string> program_;
  bool with_job_ = false;
  std::string job_;
  std::string restore_from_;
  std::string resumed_;
  option_flags options_;
  std::string claim_mode_;
  std::string job_id_;
  bool skip_unclaimed_ = false;
  bool dry_ = false;
  bool quiet_ = false;
  bool json_ = false;
};

} // namespace weir::cli
