#include "apps/weir/config_line.hpp"

#include "runtime/config_file.hpp"
#include "serialization/error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <system_error>

namespace weir::cli {

namespace fs = std::filesystem;

namespace {

const char* const usual_file = "weir.yaml";

void set_define(run_config& config, const std::string& define) {
  const auto equals = define.find('=');
  if (equals == define.npos)
    throw error(failure::usage,
                fmt::format("'-D {}' has no value; write -D {}=VALUE", define, define));
  set_option(config, define.substr(0, equals), define.substr(equals + 1));
}

void set_parallelism(run_config& config, const std::string& parallelism) {
  if (!parallelism.empty())
    set_option(config, "parallelism.default", parallelism, option_layer::command_line,
               "-p");
}

/// What `set` throws becomes one of `problems`.
template <class Set>
void note_problem(std::vector<std::string>& problems, Set&& set) {
  try {
    set();
  } catch (const error& problem) {
    problems.emplace_back(problem.what());
  }
}

} // namespace

std::vector<std::string> set_options(run_config& config, const given_options& given) {
  std::vector<std::string> problems;
  if (given.file)
    note_problem(problems, [&] {
      for (std::string& problem : set_options(config, read_config_file(*given.file)))
        problems.push_back(std::move(problem));
    });
  for (const std::string& define : given.defines)
    note_problem(problems, [&] { set_define(config, define); });
  note_problem(problems, [&] { set_parallelism(config, given.parallelism); });
  return problems;
}

void set_options_or_throw(run_config& config, const given_options& given) {
  if (given.file)
    set_options_or_throw(config, read_config_file(*given.file));
  for (const std::string& define : given.defines)
    set_define(config, define);
  set_parallelism(config, given.parallelism);
}

std::vector<std::string> words_of(const given_options& given) {
  std::vector<std::string> words;
  const auto add = [&](const char* flag, const std::string& value) {
    words.emplace_back(flag);
    words.push_back(value);
  };
  if (given.file && !given.found)
    add("-c", given.file->string());
  if (!given.parallelism.empty())
    add("-p", given.parallelism);
  for (const std::string& define : given.defines)
    add("-D", define);
  return words;
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

void option_flags::declare(CLI::App& app) {
  file_option_ =
      app.add_option("-c,--config", file_,
                     "Read options from FILE (YAML; Flink's files will do, too); without "
                     "it from ./weir.yaml, if that is there")
          ->option_text("FILE");
  app.add_option("-D", defines_, "Set an option, see below")
      ->option_text("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("-p,--parallelism", parallelism_, "Subtasks of every operator")
      ->option_text("N");
}

given_options option_flags::given() const {
  given_options given{{}, false, defines_, parallelism_};
  std::error_code unknown;
  if (file_option_->count() > 0) {
    given.file = file_;
  } else if (fs::exists(usual_file, unknown) && !fs::is_directory(usual_file, unknown)) {
    given.file = usual_file;
    given.found = true;
  }
  return given;
}

void config_flags::declare(CLI::App& weir) {
  app_ = weir.add_subcommand(
      "config", "Look at options:\n"
                "  weir config check [-c FILE] [-p N] [--json] [-D KEY=VALUE]... "
                "[JOB [-- --OPTION VALUE ...]]");
  app_->require_subcommand(1);
  CLI::App* check = app_->add_subcommand(
      "check", "Print what every option would be for a run, and who says so; or all that "
               "is wrong:\n"
               "  weir config check [-c FILE] [-p N] [--json] [-D KEY=VALUE]... "
               "[JOB [-- --OPTION VALUE ...]]");
  options_.declare(*check);
  check->add_flag("--json", json_, "Print JSON, one object a line");
  check
      ->add_option("JOB", job_,
                   "A job (a shared library), to see what its code says, too; nothing of "
                   "it runs")
      ->option_text("");
  for (CLI::App* app : {app_, check})
    app->footer("What the code of a job says counts more than a file, and is not known "
                "without the job. 'weir run --help' has the options.\n"
                "Exit codes: 0 they would do, 2 something is wrong.");
}

bool config_flags::chosen() const {
  return app_->parsed();
}

config_command config_flags::command(const std::vector<std::string>& arguments) const {
  if (job_.empty() && !arguments.empty())
    throw error(failure::usage, "what stands behind '--' is a job's; name the JOB");
  return {options_.given(), job_, parse_job_options(arguments),
          json_ ? output_mode::json : output_mode::text};
}

} // namespace weir::cli
