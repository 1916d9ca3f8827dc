// `weir completion` and `weir man` as plain data. CLI11 stays in the .cpp.
#pragma once

#include "apps/weir/help/command_tree.hpp"

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace weir::cli {

enum class help_verb { completion, man, files };

struct help_command {
  help_verb verb = help_verb::completion;
  std::string of;                  // a shell, or a command; empty: weir itself
  std::filesystem::path directory; // files
  command_tree tree;
};

/// Their flags, filled in while `app` is parsed.
class help_flags {
public:
  void declare(CLI::App& weir);
  /// Whether one of them is what stands on the command line.
  bool chosen() const noexcept { return chosen_; }
  /// Of a `weir` in which everything has been declared.
  help_command command(const CLI::App& weir) const;

private:
  CLI::App* verb(CLI::App& weir, const char* name, help_verb verb, const char* what);

  bool chosen_ = false;
  help_verb verb_ = help_verb::completion;
  std::string of_;
  std::string directory_;
};

} // namespace weir::cli
