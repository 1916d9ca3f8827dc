#include "apps/weir/inspect/state_line.hpp"

#include <CLI/CLI.hpp>

namespace weir::cli {

namespace {

constexpr const char* state_footer =
    "PATH is a checkpoint or a savepoint: a directory chk-N or savepoint-..., its "
    "_metadata, or the directory of a job, which stands for its newest complete "
    "checkpoint; also as file:///path. None of these needs the job, and none changes "
    "anything on disk.\n"
    "Exit codes: 0 done, 1 the disk failed, 2 usage, 3 no such checkpoint, operator or "
    "state, or damaged, 4 the key is not there, "
    "5 with --exit-code: there is a difference.";

} // namespace

void state_flags::declare(CLI::App& weir) {
  app_ = weir.add_subcommand(
      "state", "Look at the state in checkpoints:\n"
               "  weir state get PATH OPERATOR KEY [STATE] | dump PATH [OPERATOR "
               "[STATE]] | diff A B [OPERATOR]");
  app_->require_subcommand(1);
  app_->footer(state_footer);
  CLI::App* get = verb("get", state_verb::get,
                       "Print what a checkpoint has of one key:\n"
                       "  weir state get [--json] PATH OPERATOR KEY [STATE]");
  get->add_option("PATH", path_, "The checkpoint")->required();
  get->add_option("OPERATOR", op_, "Whose state")->required();
  get->add_option("KEY", key_,
                  "A number, true or false, or text, as it is; any other key as JSON, as "
                  "'dump --json' prints it. Behind --, if it begins with a dash")
      ->required();
  get->add_option("STATE", state_, "One of its states; else all that the key has");
  CLI::App* dump = verb("dump", state_verb::dump,
                        "Print all state of a checkpoint, sorted by operator, state, key "
                        "group and key:\n"
                        "  weir state dump [--json] PATH [OPERATOR [STATE]]");
  dump->add_option("PATH", path_, "The checkpoint")->required();
  dump->add_option("OPERATOR", op_, "Of this one only");
  dump->add_option("STATE", state_, "Of this one only");
  CLI::App* diff = verb("diff", state_verb::diff,
                        "Print which entries were added (+), removed (-) and changed (~) "
                        "from one checkpoint to another:\n"
                        "  weir state diff [--exit-code] [--json] A B [OPERATOR]");
  diff->add_option("A", path_, "A checkpoint")->required();
  diff->add_option("B", other_path_, "Another one")->required();
  diff->add_option("OPERATOR", op_, "Of this one only");
  diff->add_flag("--exit-code", exit_code_, "Exit with 5 if there is a difference");
}

CLI::App* state_flags::verb(const char* name, state_verb verb, const char* what) {
  CLI::App* app = app_->add_subcommand(name, what);
  app->footer(state_footer);
  app->callback([this, verb] { verb_ = verb; });
  app->add_flag("--json", json_, "Print JSON, one object a line");
  app->add_option("--data-dir", data_dir_,
                  "Where its data directory (execution.checkpointing.data-dir) lies now, "
                  "if it has moved")
      ->type_name("DIR");
  return app;
}

bool state_flags::chosen() const {
  return app_->parsed();
}

std::string state_flags::unmarked(const std::string& word) {
  return word.starts_with(word_mark) ? word.substr(1) : word;
}

state_command state_flags::command() const {
  state_command parsed;
  parsed.verb = verb_;
  parsed.paths.emplace_back(unmarked(path_));
  if (verb_ == state_verb::diff)
    parsed.paths.emplace_back(unmarked(other_path_));
  parsed.op = unmarked(op_);
  parsed.state = unmarked(state_);
  parsed.key = unmarked(key_);
  parsed.data_dir = data_dir_;
  parsed.mode = json_ ? output_mode::json : output_mode::text;
  parsed.tells_differences = exit_code_;
  return parsed;
}

} // namespace weir::cli
