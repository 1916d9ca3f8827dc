// What the command line takes, as plain data: what pages of the manual and completions
// are made of. See tree_of_app for where it comes from.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

/// What completes a value.
enum class value_kind {
  any,
  choice,
  file,
  directory,
  path,          // either
  job_library,   // a file .so
  running_job,   // its id
  configuration, // KEY=VALUE of the table of options
};

struct value_taken {
  std::string name; // "PATH"
  value_kind kind = value_kind::any;
  std::vector<std::string> choices = {};
};

struct option_entry {
  std::vector<std::string> names; // "-s", "--from"
  std::optional<value_taken> value;
  std::string summary;
};

struct argument_entry {
  value_taken value;
  std::string summary;
  bool repeats = false;
};

struct command_entry {
  std::vector<std::string> words; // "weir", "checkpoint", "show"
  std::string summary;
  std::vector<std::string> forms; // as one writes it
  std::vector<option_entry> options;
  std::vector<argument_entry> arguments;
  std::vector<std::string> notes;      // paragraphs
  std::vector<std::string> exit_codes; // "0 finished"
  std::vector<command_entry> commands;

  const std::string& name() const { return words.back(); }
};

/// An option for -D.
struct configuration_entry {
  std::string name;
  std::string type;
  std::string default_value;
  std::string summary;
  std::vector<std::string> choices = {};
};

struct command_tree {
  command_entry top;
  std::vector<configuration_entry> configuration;
  std::string version;
};

/// "weir checkpoint show"
std::string line_of(const command_entry& command, const char* between = " ");

/// Calls `visit` with the command and all below it.
template <class Visit>
void for_each_command(const command_entry& command, Visit&& visit) {
  visit(command);
  for (const command_entry& each : command.commands)
    for_each_command(each, visit);
}

} // namespace weir::cli
