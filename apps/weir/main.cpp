// The command line of weir.
#include "apps/weir/checkpoint_commands.hpp"
#include "apps/weir/command_line.hpp"
#include "apps/weir/config_commands.hpp"
#include "apps/weir/console.hpp"
#include "apps/weir/control/job_commands.hpp"
#include "apps/weir/help/help_commands.hpp"
#include "apps/weir/inspect/standard_output.hpp"
#include "apps/weir/inspect/state_commands.hpp"
#include "runtime/job_library.hpp"

#include <utility>

namespace {

int run_weir(int argc, const char* const* argv, weir::cli::output_mode& mode) {
  weir::cli::command parsed = weir::cli::parse_weir(argc, argv);
  if (parsed.checkpoint) {
    mode = parsed.checkpoint->mode;
    return weir::cli::carry_out(*parsed.checkpoint);
  }
  if (parsed.state) {
    mode = parsed.state->mode;
    return weir::cli::carry_out(*parsed.state);
  }
  if (parsed.job) {
    mode = parsed.job->mode;
    return weir::cli::carry_out(*parsed.job);
  }
  if (parsed.config) {
    mode = parsed.config->mode;
    return weir::cli::carry_out(*parsed.config);
  }
  if (parsed.help)
    return weir::cli::carry_out(*parsed.help);
  if (!parsed.run) {
    weir::cli::print(parsed.text);
    return 0;
  }
  mode = parsed.run->mode;
  weir::cli::prepare(*parsed.run);
  const weir::job_library library(parsed.run->job); // outlives the job made of its code
  weir::job job(parsed.run->options);
  library.define(job);
  parsed.run->request.job_name = parsed.run->job.stem().string();
  return parsed.run->dry ? weir::cli::try_on_console(job, *parsed.run)
                         : weir::cli::run_on_console(job, *std::move(parsed.run));
}

} // namespace

int main(int argc, char** argv) {
  return weir::cli::exit_code_of(run_weir, argc, argv);
}
