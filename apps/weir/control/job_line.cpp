#include "apps/weir/control/job_line.hpp"

#include "serialization/error.hpp"

#include <CLI/CLI.hpp>

namespace weir::cli {

namespace {

constexpr const char* job_footer =
    "JOB is the id of a running job, or as much of its beginning as tells it from the "
    "others; 'weir list' shows them. Jobs are found by their sockets in $WEIR_RUN_DIR, "
    "else $XDG_RUNTIME_DIR/weir, else /tmp/weir-<user id>.\n"
    "Exit codes: 0 done, 1 the job could not, 2 usage, 3 no such job or savepoint.";

} // namespace

void job_flags::declare(CLI::App& weir) {
  verb(weir, "list", job_verb::list,
       "List the running jobs:\n"
       "  weir list [--json]");
  takes_job(verb(weir, "info", job_verb::info,
                 "Show a running job: its rows, its checkpoints and how old the last one "
                 "is:\n"
                 "  weir info [--json] JOB"));
  CLI::App* savepoint =
      verb(weir, "savepoint", job_verb::savepoint,
           "Take a savepoint of a running job, which goes on; or remove one:\n"
           "  weir savepoint [--json] JOB [DIR]\n"
           "  weir savepoint --dispose PATH");
  takes_directory(savepoint);
  savepoint->add_option("--dispose", disposed_, "Remove the savepoint PATH")
      ->option_text("PATH");
  savepoint->add_option("JOB", job_, "The job");
  savepoint->add_option("DIR", directory_);
  CLI::App* stop =
      verb(weir, "stop", job_verb::stop,
           "End a running job with a savepoint, from which it can be resumed:\n"
           "  weir stop [--drain] [--json] JOB [DIR]");
  takes_job(stop);
  stop->add_option("DIR", directory_);
  takes_directory(stop);
  stop->add_flag("--drain", drain_,
                 "First let all come that there is to come of what was read, timers "
                 "included: for a job that will not be resumed");
  takes_job(verb(weir, "cancel", job_verb::cancel,
                 "End a running job where it stands:\n"
                 "  weir cancel [--json] JOB"));
}

CLI::App* job_flags::verb(CLI::App& weir, const char* name, job_verb verb,
                          const char* what) {
  CLI::App* app = weir.add_subcommand(name, what);
  app->footer(job_footer);
  app->add_flag("--json", json_, "Print JSON, one object a line");
  app->callback([this, verb] {
    chosen_ = true;
    verb_ = verb;
  });
  return app;
}

void job_flags::takes_job(CLI::App* verb) {
  verb->add_option("JOB", job_, "The job")->required();
}

void job_flags::takes_directory(CLI::App* verb) {
  verb->footer("DIR gets a directory savepoint-... ; without it the job's "
               "execution.checkpointing.savepoint-dir does.\n" +
               std::string(job_footer));
}

job_command job_flags::command() const {
  job_command parsed{verb_, job_, directory_,
                     json_ ? output_mode::json : output_mode::text};
  if (drain_)
    parsed.verb = job_verb::drain;
  if (verb_ != job_verb::savepoint)
    return parsed;
  if (disposed_.empty() == job_.empty())
    throw error(failure::usage,
                "weir savepoint takes a JOB, or --dispose and a PATH; see weir savepoint "
                "--help");
  if (!disposed_.empty()) {
    parsed.verb = job_verb::dispose;
    parsed.directory = disposed_;
  }
  return parsed;
}

} // namespace weir::cli
