#include "apps/weir/config_commands.hpp"

#include "apps/weir/config_text.hpp"
#include "apps/weir/console.hpp"
#include "apps/weir/inspect/standard_output.hpp"
#include "serialization/error.hpp"

namespace weir::cli {

int carry_out(const config_command& command) {
  if (command.given.found)
    tell_found(*command.given.file, command.mode);
  run_config config;
  std::vector<std::string> problems = set_options(config, command.given);
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
