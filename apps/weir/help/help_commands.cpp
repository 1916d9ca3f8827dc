#include "apps/weir/help/help_commands.hpp"

#include "apps/weir/control/run_directory.hpp"
#include "apps/weir/help/completion.hpp"
#include "apps/weir/help/man_page.hpp"
#include "apps/weir/inspect/standard_output.hpp"
#include "serialization/error.hpp"
#include "state/inspect/nearest_names.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace weir::cli {

namespace fs = std::filesystem;

namespace {

/// So that who builds the same gets the same.
std::string date_of_pages() {
  const char* const given = std::getenv("SOURCE_DATE_EPOCH");
  const std::time_t then =
      given != nullptr ? static_cast<std::time_t>(std::strtoll(given, nullptr, 10))
                       : std::time(nullptr);
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(then));
}

/// What the completions ask for when somebody presses a key.
std::string running_jobs() {
  std::string ids;
  for (const std::string& id : run_directory().running())
    ids += id + "\n";
  return ids;
}

std::string completion_for(const help_command& command) {
  if (command.of == "bash")
    return bash_completion(command.tree);
  if (command.of == "zsh")
    return zsh_completion(command.tree);
  if (command.of == "fish")
    return fish_completion(command.tree);
  if (command.of == "jobs")
    return running_jobs();
  throw error(failure::usage, fmt::format("there is no completion for '{}'; there is one "
                                          "for bash, zsh and fish",
                                          command.of));
}

std::string page_of(const help_command& command) {
  const command_entry& top = command.tree.top;
  if (command.of.empty())
    return man_page(command.tree, top, date_of_pages());
  const auto found = std::ranges::find(top.commands, command.of, &command_entry::name);
  if (found != top.commands.end())
    return man_page(command.tree, *found, date_of_pages());
  std::vector<std::string> names;
  for (const command_entry& each : top.commands)
    names.push_back(each.name());
  throw error(failure::usage,
              fmt::format("there is no page for '{}'; there is one for {}", command.of,
                          nearest_names(command.of, names)));
}

void write_help_file(const fs::path& path, const std::string& text) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  write_file_durably(path, std::as_bytes(std::span(text)));
}

/// As they lie below share/.
void write_help_files(const help_command& command) {
  const command_tree& tree = command.tree;
  const auto write_page = [&](const command_entry& each) {
    write_help_file(command.directory / "man/man1" / (page_name(each) + ".1"),
                    man_page(tree, each, date_of_pages()));
  };
  write_page(tree.top);
  std::ranges::for_each(tree.top.commands, write_page);
  write_help_file(command.directory / "bash-completion/completions/weir",
                  bash_completion(tree));
  write_help_file(command.directory / "zsh/site-functions/_weir", zsh_completion(tree));
  write_help_file(command.directory / "fish/vendor_completions.d/weir.fish",
                  fish_completion(tree));
}

} // namespace

int carry_out(const help_command& command) {
  switch (command.verb) {
  case help_verb::completion:
    print(completion_for(command));
    break;
  case help_verb::man:
    print(page_of(command));
    break;
  case help_verb::files:
    write_help_files(command);
    break;
  }
  return 0;
}

} // namespace weir::cli
