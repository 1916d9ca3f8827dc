#include "apps/weir/config_commands.hpp"

#include "apps/weir/config_text.hpp"
#include "apps/weir/console.hpp"
#include "apps/weir/inspect/standard_output.hpp"
#include "runtime/job_library.hpp"
#include "serialization/error.hpp"

namespace weir::cli {

namespace {

run_config with_code_of(const config_command& command, run_config config) {
  const job_library library(command.job); // outlives the job made of its code
  job job(command.options);
  library.define(job);
  job.check_options();
  return with_code(std::move(config), job.checkpoints().options(),
                   job.graph().state_backend());
}

} // namespace

int carry_out(const config_command& command) {
  if (command.given.found)
    tell_found(*command.given.file, command.mode);
  run_config config;
  std::vector<std::string> problems = set_options(config, command.given);
  if (problems.empty() && !command.job.empty())
    config = with_code_of(command, std::move(config));
  if (problems.empty())
    problems = contradictions(config);
  for (const std::string& warning : config.warnings)
    tell_warning(command.mode, warning);
  int code = 0;
  for (const std::string& problem : problems)
    code = tell_failure(command.mode, failure::usage, problem);
  if (code != 0)
    return code;
  const auto options = effective_options(config);
  print(command.mode == output_mode::json ? json_of(options) : text_of(options));
  return 0;
}

} // namespace weir::cli
