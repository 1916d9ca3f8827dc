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

job_options parse_job_options(const std::vector<std::string>& arguments) {
  job_options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with("--") || argument.size() == 2)
      throw error(failure::usage,
                  fmt::format("'{}' behind -- is no option of the job; options are "
                              "written --name VALUE or --name=VALUE",
                              argument));
    const auto equals = argument.find('=');
    std::string name = argument.substr(2, equals == argument.npos ? equals : equals - 2);
    if (equals != argument.npos)
      options[name] = argument.substr(equals + 1);
    else if (i + 1 < arguments.size())
      options[name] = arguments[++i];
    else
      throw error(failure::usage,
                  fmt::format("the job's option --{} needs a value", name));
  }
  return options;
}

std::string options_footer() {
  std::string footer = "Options for -D:\n";
  for (const auto& option : config_options())
    footer += fmt::format("  {} ({}, default {})\n      {}\n", option.name, option.type,
                          option.default_value, option.help);
  footer +=
      "Exit codes: 0 finished, 1 job failed, 2 usage, 3 restore refused, 130 or 143 "
      "cancelled by SIGINT or by SIGTERM or 'weir cancel'.";
  return footer;
}

/// The flags of `run`, wherever they are parsed.
struct run_flags {
  std::string job;
  std::string restore_from;
  option_flags options;
  std::string claim_mode;
  std::string job_id;
  bool skip_unclaimed = false;
  bool dry = false;
  bool quiet = false;
  bool json = false;

  void declare(CLI::App& app, bool with_job) {
    app.add_option("-s,--from", restore_from,
                   "Restore from a checkpoint: a chk-N directory, its _metadata, or the "
                   "directory of a job, for its newest one")
        ->option_text("PATH");
    app.add_flag(
        "-n,--allow-non-restored-state", skip_unclaimed,
        "Leave behind, with a warning, what the checkpoint has of operators that "
        "are not in the job");
    app.add_option("--claim-mode,--restore-mode", claim_mode,
                   "Whose the checkpoint of -s is: no-claim (the default) never touches "
                   "it, claim removes it once the run has enough of its own")
        ->option_text("MODE");
    app.add_option("--job-id", job_id,
                   "The name of the job's directory; drawn at random unless given")
        ->option_text("ID");
    app.add_flag("--dry-run", dry,
                 "Say whether the job would begin, or all that speaks against it; start "
                 "nothing");
    options.declare(app);
    auto* of_quiet =
        app.add_flag("-q,--quiet", quiet, "Print warnings and errors, and nothing else");
    app.add_flag("--json", json, "Print what happens as JSON, one object a line")
        ->excludes(of_quiet);
    if (with_job)
      app.add_option("JOB", job, "The job: a shared library (.so)")->required();
    app.footer(options_footer());
  }

  run_command command() const {
    run_command parsed;
    parsed.job = job;
    parsed.mode = quiet  ? output_mode::quiet
                  : json ? output_mode::json
                         : output_mode::text;
    if (!restore_from.empty())
      parsed.request.restore_from = restore_from;
    const given_options given_here = options.given();
    run_config& config = parsed.request.config;
    set_options_or_throw(config, given_here);
    if (given_here.found)
      parsed.options_found = given_here.file;
    for (const bool given : {skip_unclaimed, !claim_mode.empty()})
      if (given && restore_from.empty() && config.recover_from.empty())
        throw error(failure::usage,
                    "-n and --claim-mode say what becomes of a checkpoint; name it with "
                    "-s, or leave them out");
    if (skip_unclaimed)
      set_option(config, "execution.state-recovery.ignore-unclaimed-state", "true",
                 option_layer::command_line, "-n");
    if (!claim_mode.empty())
      set_option(config, "execution.state-recovery.claim-mode", claim_mode,
                 option_layer::command_line, "--claim-mode");
    parsed.dry = dry;
    parsed.request.job_id = job_id;
    return parsed;
  }
};

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

command finish(const run_flags& flags, const std::vector<std::string>& job_arguments) {
  command parsed;
  parsed.run = flags.command();
  parsed.run->options = parse_job_options(job_arguments);
  return parsed;
}

} // namespace

command parse_weir(int argc, const char* const* argv) {
  split_arguments arguments = split(argc, argv);
  if (argc > 1 && std::string_view(argv[1]) == "state") // there is no job behind --
    for (const std::string& word : std::exchange(arguments.of_job, {}))
      arguments.ours.push_back(state_flags::plain_word(word));
  CLI::App app("weir: a stateful stream runtime", "weir");
  app.set_version_flag("--version", WEIR_VERSION);
  app.require_subcommand(1);
  run_flags flags;
  CLI::App* run =
      app.add_subcommand("run", "Run a job, from its beginning or from a checkpoint:\n"
                                "  weir run [-s PATH [-n] [--claim-mode MODE]] "
                                "[--dry-run] [-c FILE] [-p N] [-q | --json] "
                                "[-D KEY=VALUE]... JOB [-- --OPTION VALUE ...]");
  flags.declare(*run, true);
  checkpoint_flags of_checkpoint;
  of_checkpoint.declare(app);
  state_flags of_state;
  of_state.declare(app);
  job_flags of_job;
  of_job.declare(app);
  config_flags of_config;
  of_config.declare(app);
  const std::string chosen = arguments.ours.empty() ? "" : arguments.ours.front();
  const bool known =
      !app.get_subcommands([&](const CLI::App* each) { return each->check_name(chosen); })
           .empty();
  const bool runs = !known || chosen == "run";
  if (auto text = parse(app, arguments.ours, "weir " + (runs ? "run" : chosen),
                        runs ? hint_for_jobs : ""))
    return {.text = std::move(*text)};
  if (of_checkpoint.chosen())
    return {.checkpoint = of_checkpoint.command()};
  if (of_state.chosen())
    return {.state = of_state.command()};
  if (of_job.chosen())
    return {.job = of_job.command()};
  if (of_config.chosen())
    return {.config = of_config.command()};
  return finish(flags, arguments.of_job);
}

command parse_job_executable(int argc, const char* const* argv) {
  const split_arguments arguments = split(argc, argv);
  const std::string name = std::filesystem::path(argv[0]).filename();
  CLI::App app("A weir job: " + name +
                   " [-s PATH [-n] [--claim-mode MODE]] [--dry-run] [-c FILE] [-p N] "
                   "[-q | --json] [-D KEY=VALUE]... [-- --OPTION VALUE ...]",
               name);
  app.set_version_flag("--version", WEIR_VERSION);
  run_flags flags;
  flags.declare(app, false);
  if (auto text = parse(app, arguments.ours, name, hint_for_jobs))
    return {.text = std::move(*text)};
  command parsed = finish(flags, arguments.of_job);
  parsed.run->request.job_name = name;
  return parsed;
}

} // namespace weir::cli
