#include "apps/weir/checkpoint_line.hpp"

#include "serialization/error.hpp"

#include <CLI/CLI.hpp>

namespace weir::cli {

namespace {

constexpr const char* checkpoint_footer =
    "PATH is a directory chk-N, its _metadata, or the directory of a job, which stands "
    "for "
    "its newest complete checkpoint; also as file:///path. None of these needs the job, "
    "and but for rm, copy and gc --delete none changes anything on disk.\n"
    "Exit codes: 0 done, 1 the disk failed, 2 usage, 3 no such checkpoint, damaged, or "
    "of a running job, 5 with diff --exit-code: there is a difference.";

} // namespace

void checkpoint_flags::declare(CLI::App& weir) {
  app_ = weir.add_subcommand(
      "checkpoint", "Look at checkpoints, check, copy and remove them; or have a running "
                    "job take one:\n"
                    "  weir checkpoint list DIR | show PATH | verify PATH | rm PATH... | "
                    "copy PATH DST | diff A B | gc JOBDIR\n"
                    "  weir checkpoint [--full | --incremental] [--json] JOB");
  app_->require_subcommand(0, 1);
  app_->footer(checkpoint_footer);
  app_->add_option("JOB", job_,
                   "A running job: its id, or as much of its beginning as tells it from "
                   "the others. The path of the checkpoint is printed when it is there")
      ->option_text("");
  auto* full = app_->add_flag("--full", full_,
                              "All rows in files of its own, which depend on no earlier "
                              "checkpoint");
  app_->add_flag("--incremental", incremental_,
                 "No more than what is new, as the rocksdb backend does anyway; refused "
                 "where all rows are written each time")
      ->excludes(full);
  takes_json(app_);
  CLI::App* list = verb("list", checkpoint_verb::list,
                        "List the checkpoints of a job, or of all jobs in a directory:\n"
                        "  weir checkpoint list [--json] DIR");
  takes_path(list, "The directory of a job, or execution.checkpointing.dir of several");
  takes_json(list);
  CLI::App* show = verb("show", checkpoint_verb::show,
                        "Show what a checkpoint says of itself: its job, times, "
                        "operators, states and files:\n"
                        "  weir checkpoint show [--json] PATH");
  takes_path(show, "The checkpoint");
  takes_json(show);
  takes_data_dir(show);
  CLI::App* verify =
      verb("verify", checkpoint_verb::verify,
           "Compare the size and the checksum of every file, and name all that "
           "differ (exit code 3):\n"
           "  weir checkpoint verify PATH");
  takes_path(verify, "The checkpoint");
  takes_data_dir(verify);
  CLI::App* rm =
      verb("rm", checkpoint_verb::rm,
           "Remove checkpoints, and the shared files that no other one of their job "
           "refers to. Not while the job runs:\n"
           "  weir checkpoint rm PATH...");
  rm->add_option("PATH", paths_, "A directory chk-N, complete or not")->required();
  takes_data_dir(rm);
  CLI::App* copy =
      verb("copy", checkpoint_verb::copy,
           "Copy a checkpoint, with all it needs, to DST/<job id>/chk-N, which restores "
           "anywhere. Every file is verified, and the copy is there when it is durable:\n"
           "  weir checkpoint copy PATH DST");
  takes_path(copy, "The checkpoint");
  copy->add_option("DST", destination_, "A directory, made if need be")->required();
  takes_data_dir(copy);
  declare_diff();
  declare_gc();
}

void checkpoint_flags::declare_diff() {
  CLI::App* diff =
      verb("diff", checkpoint_verb::diff,
           "Show what differs between two checkpoints: operators, parallelism, states, "
           "positions of sources, files. For rows see 'weir state diff':\n"
           "  weir checkpoint diff [--exit-code] [--json] A B");
  diff->add_option("A", path_, "A checkpoint")->required();
  diff->add_option("B", other_path_, "Another one")->required();
  diff->add_flag("--exit-code", exit_code_, "Exit with 5 if there is a difference");
  takes_json(diff);
  takes_data_dir(diff);
}

void checkpoint_flags::declare_gc() {
  CLI::App* gc =
      verb("gc", checkpoint_verb::gc,
           "List what no checkpoint of a job refers to, as killed jobs leave it: "
           "incomplete chk-N, files, shared files, databases. Not while the job runs:\n"
           "  weir checkpoint gc [--delete] [--json] JOBDIR");
  gc->add_option("JOBDIR", path_, "The directory of a job")->required();
  gc->add_flag("--delete", deletes_, "Remove it");
  takes_json(gc);
  takes_data_dir(gc);
}

CLI::App* checkpoint_flags::verb(const char* name, checkpoint_verb verb,
                                 const char* what) {
  CLI::App* app = app_->add_subcommand(name, what);
  app->footer(checkpoint_footer);
  app->callback([this, verb] { verb_ = verb; });
  return app;
}

void checkpoint_flags::takes_path(CLI::App* verb, const char* meaning) {
  verb->add_option(verb->get_name() == "list" ? "DIR" : "PATH", path_, meaning)
      ->required();
}

void checkpoint_flags::takes_json(CLI::App* verb) {
  verb->add_flag("--json", json_, "Print JSON, one object a line");
}

void checkpoint_flags::takes_data_dir(CLI::App* verb) {
  verb->add_option(
          "--data-dir", data_dir_,
          "Where its data directory (execution.checkpointing.data-dir) lies now, "
          "if it has moved")
      ->type_name("DIR");
}

bool checkpoint_flags::taken() const {
  return app_->get_subcommands().empty();
}

job_command checkpoint_flags::job() const {
  if (job_.empty())
    throw error(failure::usage, "weir checkpoint takes a command, or a running JOB; see "
                                "weir checkpoint --help");
  return {job_verb::checkpoint,
          job_,
          {},
          json_ ? output_mode::json : output_mode::text,
          full_          ? "full"
          : incremental_ ? "incremental"
                         : ""};
}

bool checkpoint_flags::chosen() const {
  return app_->parsed();
}

checkpoint_command checkpoint_flags::command() const {
  if (!job_.empty() || full_ || incremental_)
    throw error(failure::usage, "--full, --incremental and a JOB are for a checkpoint "
                                "that is to be taken; see weir checkpoint --help");
  checkpoint_command parsed;
  parsed.verb = verb_;
  parsed.destination = destination_;
  parsed.data_dir = data_dir_;
  parsed.mode = json_ ? output_mode::json : output_mode::text;
  if (verb_ == checkpoint_verb::rm)
    parsed.paths.assign(paths_.begin(), paths_.end());
  else
    parsed.paths = {path_};
  if (verb_ == checkpoint_verb::diff)
    parsed.paths.emplace_back(other_path_);
  parsed.deletes = deletes_;
  parsed.tells_differences = exit_code_;
  return parsed;
}

} // namespace weir::cli
