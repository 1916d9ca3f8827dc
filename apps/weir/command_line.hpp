// What stands on the command line, as plain data. CLI11 stays in the .cpp.
#pragma once

#include "apps/weir/checkpoint_line.hpp"
#include "apps/weir/config_line.hpp"
#include "apps/weir/control/job_line.hpp"
#include "apps/weir/help/help_line.hpp"
#include "apps/weir/inspect/state_line.hpp"
#include "apps/weir/run_line.hpp"

#include <optional>
#include <string>

namespace weir::cli {

/// One of the commands, or a text to print (help, version) and be done.
struct command {
  std::optional<run_command> run = {};
  std::optional<checkpoint_command> checkpoint = {};
  std::optional<state_command> state = {};
  std::optional<job_command> job = {};
  std::optional<config_command> config = {};
  std::optional<help_command> help = {};
  std::string text = {};
};

/// `weir run ... JOB [-- ARGS]`, `weir checkpoint ...`, `weir state ...`, `weir stop
/// JOB`, ... Throws failure::usage with one line.
command parse_weir(int argc, const char* const* argv);

/// The executable of one job: the same flags, no command and no JOB.
command parse_job_executable(int argc, const char* const* argv);

} // namespace weir::cli
