#include "apps/weir/help/help_line.hpp"

#include "apps/weir/help/tree_of_app.hpp"

#include <CLI/CLI.hpp>

namespace weir::cli {

void help_flags::declare(CLI::App& weir) {
  CLI::App* completion = verb(weir, "completion", help_verb::completion,
                              "Print the completion of weir for a shell:\n"
                              "  weir completion bash|zsh|fish");
  completion->add_option("SHELL", of_, "Which shell")
      ->option_text("bash|zsh|fish")
      ->required();
  completion->footer("bash: weir completion bash "
                     ">~/.local/share/bash-completion/completions/weir; zsh: into a "
                     "file _weir in a directory of $fpath; fish: weir completion fish "
                     ">~/.config/fish/completions/weir.fish\n"
                     "Exit codes: 0 done, 1 it cannot be written, 2 usage.");
  CLI::App* man = verb(weir, "man", help_verb::man,
                       "Print a page of the manual, as 'man -l -' reads it:\n"
                       "  weir man [COMMAND]");
  man->add_option("COMMAND", of_, "A command; without one the page of weir itself");
  man->footer("The page has the date of SOURCE_DATE_EPOCH, or of today.\n"
              "Exit codes: 0 done, 1 it cannot be written, 2 usage.");
  // For the build: what is installed below share/.
  CLI::App* files =
      verb(weir, "help-files", help_verb::files, "Write all pages and completions");
  files->add_option("DIR", directory_)->required();
  files->group("");
}

CLI::App* help_flags::verb(CLI::App& weir, const char* name, help_verb verb,
                           const char* what) {
  CLI::App* app = weir.add_subcommand(name, what);
  app->callback([this, verb] {
    chosen_ = true;
    verb_ = verb;
  });
  return app;
}

help_command help_flags::command(const CLI::App& weir) const {
  return {verb_, of_, directory_, tree_of(weir)};
}

} // namespace weir::cli
