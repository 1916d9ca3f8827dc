// `weir state VERB ...` as plain data. CLI11 stays in the .cpp.
#pragma once

#include "apps/weir/output_mode.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace weir::cli {

enum class state_verb { get, dump, diff };

struct state_command {
  state_verb verb = state_verb::dump;
  std::vector<std::filesystem::path> paths; // one; diff: two
  std::string op;                           // empty: all
  std::string state;                        // likewise
  std::string key;                          // get
  std::filesystem::path data_dir; // where the data root lies now; empty: as said
  output_mode mode = output_mode::text;
  bool tells_differences = false; // diff: by its exit code
};

/// The flags of `weir state`, filled in while `app` is parsed.
class state_flags {
public:
  void declare(CLI::App& weir);
  /// Whether that is what stands on the command line.
  bool chosen() const;
  state_command command() const;

  /// One that is no flag, whatever it begins with. CLI11 has `--` for that and, in
  /// version 2.1, loses what is behind it in a subcommand.
  static std::string plain_word(const std::string& word) { return word_mark + word; }

private:
  static constexpr char word_mark = '\x1e';
  static std::string unmarked(const std::string& word);

  CLI::App* verb(const char* name, state_verb verb, const char* what);

  CLI::App* app_ = nullptr;
  state_verb verb_ = state_verb::dump;
  std::string path_;
  std::string other_path_;
  std::string op_;
  std::string state_;
  std::string key_;
  std::string data_dir_;
  bool json_ = false;
  bool exit_code_ = false;
};

} // namespace weir::cli
