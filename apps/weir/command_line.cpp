#include "apps/weir/command_line.hpp"

#include "operators/abi_stamp.hpp"
#include "serialization/error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <utility>

namespace weir::cli {

namespace {

/// Arguments before and behind the first `--`.
struct split_arguments {
  std::vector<std::string> ours;
  std::vector<std::string> of_job;
};

split_arguments split(int argc, const char* const* argv) {
  split_arguments arguments;
  bool behind = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (!behind && argument == "--")
      behind = true;
    else
      (behind ? arguments.of_job : arguments.ours).push_back(argument);
  }
  return arguments;
}

constexpr const char* hint_for_jobs = "; what is meant for the job goes behind '--'";

/// Help for a help flag, nothing when parsed; otherwise one line, of words too many with
/// `hint`.
std::optional<std::string> parse(CLI::App& app, std::vector<std::string> arguments,
                                 const std::string& help_command, const char* hint) {
  std::reverse(arguments.begin(), arguments.end()); // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    const CLI::App* chosen = &app;
    while (!chosen->get_subcommands().empty())
      chosen = chosen->get_subcommands().front();
    return chosen->help();
  } catch (const CLI::CallForVersion&) {
    return std::string(WEIR_VERSION "\n");
  } catch (const CLI::ExtrasError& problem) {
    throw error(failure::usage,
                fmt::format("{}{}; see {} --help", problem.what(), hint, help_command));
  } catch (const CLI::ParseError& problem) {
    throw error(failure::usage,
                fmt::format("{}; see {} --help", problem.what(), help_command));
  }
  return std::nullopt;
}

} // namespace

command parse_weir(int argc, const char* const* argv) {
  split_arguments arguments = split(argc, argv);
  if (argc > 1 && std::string_view(argv[1]) == "state") // there is no job behind --
    for (const std::string& word : std::exchange(arguments.of_job, {}))
      arguments.ours.push_back(state_flags::plain_word(word));
  CLI::App app("weir: a stateful stream runtime", "weir");
  app.footer("'weir COMMAND --help' and 'man weir-COMMAND' say more of a command.");
  app.set_version_flag("--version", WEIR_VERSION);
  app.require_subcommand(1);
  run_flags flags({argv[0], "run"});
  CLI::App* run = app.add_subcommand(
      "run", "Run a job, from its beginning or from a checkpoint:\n"
             "  weir run [-s PATH [-n] [--claim-mode MODE]] [--dry-run] [-c FILE] [-p N] "
             "[-q | --json] [-D KEY=VALUE]... JOB [-- --OPTION VALUE ...]\n"
             "or go on with one as it was run before:\n"
             "  weir run -r JOBID");
  flags.declare(*run, true);
  checkpoint_flags of_checkpoint;
  of_checkpoint.declare(app);
  state_flags of_state;
  of_state.declare(app);
  job_flags of_job;
  of_job.declare(app);
  config_flags of_config;
  of_config.declare(app);
  help_flags of_help;
  of_help.declare(app);
  const std::string chosen = arguments.ours.empty() ? "" : arguments.ours.front();
  const bool known =
      !app.get_subcommands([&](const CLI::App* each) { return each->check_name(chosen); })
           .empty();
  const bool runs = !known || chosen == "run";
  if (auto text = parse(app, arguments.ours,
                        chosen.empty() ? "weir" : "weir " + (runs ? "run" : chosen),
                        runs ? hint_for_jobs : ""))
    return {.text = std::move(*text)};
  if (of_checkpoint.chosen() && of_checkpoint.taken())
    return {.job = of_checkpoint.job()};
  if (of_checkpoint.chosen())
    return {.checkpoint = of_checkpoint.command()};
  if (of_state.chosen())
    return {.state = of_state.command()};
  if (of_job.chosen())
    return {.job = of_job.command()};
  if (of_config.chosen())
    return {.config = of_config.command(arguments.of_job)};
  if (of_help.chosen())
    return {.help = of_help.command(app)};
  return {.run = flags.command(arguments.of_job)};
}

command parse_job_executable(int argc, const char* const* argv) {
  const split_arguments arguments = split(argc, argv);
  const std::string name = std::filesystem::path(argv[0]).filename();
  CLI::App app("A weir job: " + name +
                   " [-s PATH [-n] [--claim-mode MODE] | -r JOBID] [--dry-run] [-c FILE] "
                   "[-p N] [-q | --json] [-D KEY=VALUE]... [-- --OPTION VALUE ...]",
               name);
  app.set_version_flag("--version", WEIR_VERSION);
  run_flags flags({argv[0]});
  flags.declare(app, false);
  if (auto text = parse(app, arguments.ours, name, hint_for_jobs))
    return {.text = std::move(*text)};
  command parsed{.run = flags.command(arguments.of_job)};
  parsed.run->request.job_name = name;
  return parsed;
}

} // namespace weir::cli
