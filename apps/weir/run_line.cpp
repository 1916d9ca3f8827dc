#include "apps/weir/run_line.hpp"

#include "apps/weir/resume/found_job.hpp"
#include "operators/abi_stamp.hpp"
#include "serialization/error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <system_error>

namespace weir::cli {

namespace fs = std::filesystem;

namespace {

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

/// Where the job of this program lies, to be found again.
std::string own_path() {
  std::error_code unknown;
  return fs::read_symlink("/proc/self/exe", unknown).string();
}

fs::path absolute_path(const fs::path& path) {
  std::error_code unknown;
  return fs::absolute(path, unknown).lexically_normal();
}

/// Where the checkpoints of jobs are unless somebody says it on the command line.
fs::path usual_root(const given_options& given) {
  run_config config;
  if (given.found)
    set_options(config, {given.file, true, {}, {}});
  return absolute_path(config.checkpoint_dir);
}

[[noreturn]] void refuse_flags(const std::string& why) {
  throw error(failure::usage, why);
}

void set_on_line(run_config& config, const char* name, const std::string& value,
                 const char* flag) {
  set_option(config, name, value, option_layer::command_line, flag);
}

/// As they were, of a run before.
void set_noted(run_config& config, const std::vector<noted_option>& options,
               bool with_file) {
  for (const noted_option& option : options)
    if (with_file || !option.in_file)
      set_option(config, option.name, option.value,
                 option.in_file ? option_layer::file : option_layer::command_line,
                 option.origin);
}

/// What says the same again on the command line.
std::vector<std::string> words_of(const std::vector<noted_option>& options,
                                  const fs::path& file) {
  given_options given;
  if (!file.empty())
    given.file = file;
  for (const noted_option& option : options)
    if (!option.in_file)
      given.defines.push_back(option.name + "=" + option.value);
  return words_of(given);
}

/// Where it ran, if that is elsewhere.
fs::path directory_to_enter(const found_job& found) {
  std::error_code unknown;
  const fs::path directory = found.note.directory;
  if (directory == fs::current_path(unknown))
    return {};
  if (!fs::is_directory(directory, unknown))
    throw error(
        failure::restore_refused,
        fmt::format("job '{}' ran in '{}', which is no directory any more; put it "
                    "back, or run the job from elsewhere with -s {}",
                    found.id(), directory.string(), found.directory.string()));
  return directory;
}

} // namespace

void run_flags::declare(CLI::App& app, bool with_job) {
  with_job_ = with_job;
  auto* from = app.add_option("-s,--from", restore_from_,
                              "Restore from a checkpoint: a chk-N directory, its "
                              "_metadata, or the directory of a job, for its newest one")
                   ->option_text("PATH");
  auto* resumed =
      app.add_option("-r,--resume", resumed_,
                     "Go on with a job as it was run before, from its newest checkpoint "
                     "and under its id: with the same job, arguments and options, unless "
                     "others are given. JOBID may be the beginning of the id, looked for "
                     "in execution.checkpointing.dir, or the path of the job's directory")
          ->option_text("JOBID")
          ->excludes(from);
  app.add_flag("-n,--allow-non-restored-state", skip_unclaimed_,
               "Leave behind, with a warning, what the checkpoint has of operators that "
               "are not in the job");
  app.add_option("--claim-mode,--restore-mode", claim_mode_,
                 "Whose the checkpoint of -s is: no-claim (the default) never touches "
                 "it, claim removes it once the run has enough of its own")
      ->option_text("no-claim|claim")
      ->excludes(resumed);
  app.add_option("--job-id", job_id_,
                 "The name of the job's directory; drawn at random unless given")
      ->option_text("ID")
      ->excludes(resumed);
  app.add_flag("--dry-run", dry_,
               "Say whether the job would begin, or all that speaks against it; start "
               "nothing");
  options_.declare(app);
  auto* of_quiet =
      app.add_flag("-q,--quiet", quiet_, "Print warnings and errors, and nothing else");
  app.add_flag("--json", json_, "Print what happens as JSON, one object a line")
      ->excludes(of_quiet);
  if (with_job)
    app.add_option("JOB", job_, "The job: a shared library (.so)");
  app.footer(options_footer());
}

run_command run_flags::command(const std::vector<std::string>& arguments) const {
  const given_options given = options_.given();
  run_command parsed;
  parsed.mode = quiet_  ? output_mode::quiet
                : json_ ? output_mode::json
                        : output_mode::text;
  parsed.dry = dry_;
  parsed.how = {program_, {}, {}, usual_root(given)};
  if (given.file && !given.found)
    parsed.options_file = absolute_path(*given.file);
  std::vector<std::string> of_job = arguments;
  if (resumed_.empty())
    begin_anew(parsed, given);
  else
    go_on(parsed, given, of_job);
  parsed.options = parse_job_options(of_job);
  if (with_job_)
    parsed.how.job.push_back(parsed.job.string());
  if (!of_job.empty())
    parsed.how.job.emplace_back("--");
  parsed.how.job.insert(parsed.how.job.end(), of_job.begin(), of_job.end());
  std::error_code unknown;
  run_note note{WEIR_VERSION,
                std::nullopt,
                own_path(),
                parsed.directory.empty() ? fs::current_path(unknown) : parsed.directory,
                std::move(of_job),
                std::nullopt,
                noted_options(parsed.request.config)};
  if (with_job_)
    note.job = absolute_path(parsed.job);
  if (!parsed.options_file.empty())
    note.file = parsed.options_file;
  parsed.request.note = text_of(note);
  return parsed;
}

void run_flags::begin_anew(run_command& parsed, const given_options& given) const {
  if (with_job_ && job_.empty())
    refuse_flags("JOB is required; see weir run --help");
  run_config& config = parsed.request.config;
  set_options_or_throw(config, given);
  if (given.found)
    parsed.options_found = given.file;
  parsed.how.options = words_of(given);
  parsed.job = job_;
  parsed.request.job_id = job_id_;
  if (!restore_from_.empty())
    parsed.request.restore_from = restore_from_;
  for (const bool said : {skip_unclaimed_, !claim_mode_.empty()})
    if (said && restore_from_.empty() && config.recover_from.empty())
      refuse_flags("-n and --claim-mode say what becomes of a checkpoint; name it with "
                   "-s, or leave them out");
  if (skip_unclaimed_)
    set_on_line(config, "execution.state-recovery.ignore-unclaimed-state", "true", "-n");
  if (!claim_mode_.empty())
    set_on_line(config, "execution.state-recovery.claim-mode", claim_mode_,
                "--claim-mode");
}

/// What is given here counts more than what was noted. A file that nobody has named is
/// no more than a place to look for the directory of checkpoints: the note has what it
/// said then.
void run_flags::go_on(run_command& parsed, const given_options& given,
                      std::vector<std::string>& arguments) const {
  run_config looked_up;
  set_options_or_throw(looked_up, given);
  const found_job found = find_job(resumed_, looked_up.checkpoint_dir);
  const bool is_program = !found.note.job;
  if (is_program == with_job_ && job_.empty())
    refuse_flags(
        is_program ? fmt::format("job '{}' is a program of its own; go on with it by "
                                 "'{} -r {}'",
                                 found.id(), found.note.program, found.directory.string())
                   : fmt::format("job '{}' was run from '{}'; go on with it by 'weir "
                                 "run -r {}'",
                                 found.id(), *found.note.job, found.directory.string()));
  parsed.job = job_.empty() ? fs::path(found.note.job.value_or("")) : absolute_path(job_);
  if (arguments.empty())
    arguments = found.note.arguments;
  run_config& config = parsed.request.config;
  const bool with_file = !given.file || given.found;
  set_noted(config, found.note.options, with_file);
  given_options on_line = given;
  if (with_file)
    on_line.file.reset();
  set_options_or_throw(config, on_line);
  if (with_file)
    parsed.options_file = found.note.file.value_or("");
  parsed.how.options = words_of(noted_options(config), parsed.options_file);
  set_on_line(config, "execution.checkpointing.dir",
              found.directory.parent_path().string(), "-r");
  set_on_line(config, "execution.state-recovery.claim-mode", "claim", "-r");
  if (skip_unclaimed_)
    set_on_line(config, "execution.state-recovery.ignore-unclaimed-state", "true", "-n");
  parsed.request.job_id = found.id();
  parsed.request.restore_from = found.directory;
  parsed.resumed = found.directory;
  parsed.directory = directory_to_enter(found);
}

} // namespace weir::cli
