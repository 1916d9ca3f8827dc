// The main of a job that is built as an executable of its own.
#include "apps/weir/command_line.hpp"
#include "apps/weir/console.hpp"
#include "apps/weir/inspect/standard_output.hpp"
#include "operators/weir.hpp"

#include <utility>

namespace {

int run_this_job(int argc, const char* const* argv, weir::cli::output_mode& mode) {
  weir::cli::command parsed = weir::cli::parse_job_executable(argc, argv);
  if (!parsed.run) {
    weir::cli::print(parsed.text);
    return 0;
  }
  mode = parsed.run->mode;
  weir::cli::prepare(*parsed.run);
  weir::job job(parsed.run->options);
  weir_job(job);
  return parsed.run->dry ? weir::cli::try_on_console(job, *parsed.run)
                         : weir::cli::run_on_console(job, *std::move(parsed.run));
}

} // namespace

int main(int argc, char** argv) {
  return weir::cli::exit_code_of(run_this_job, argc, argv);
}
