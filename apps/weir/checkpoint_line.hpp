// `weir checkpoint VERB ...` as plain data. CLI11 stays in the .cpp.
#pragma once

#include "apps/weir/control/job_line.hpp"
#include "apps/weir/output_mode.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace weir::cli {

enum class checkpoint_verb { list, show, verify, rm, copy, diff, gc };

struct checkpoint_command {
  checkpoint_verb verb = checkpoint_verb::list;
  std::vector<std::filesystem::path> paths; // one; rm: at least one; diff: two
  std::filesystem::path destination;        // copy
  std::filesystem::path data_dir; // where the data root lies now; empty: as said
  output_mode mode = output_mode::text;
  bool deletes = false;           // gc
  bool tells_differences = false; // diff: by its exit code
};

/// The flags of `weir checkpoint`, filled in while `app` is parsed.
class checkpoint_flags {
public:
  void declare(CLI::App& weir);
  /// Whether that is what stands on the command line.
  bool chosen() const;
  /// Whether it is no checkpoint at hand, but one that a running job is to take.
  bool taken() const;
  job_command job() const;
  checkpoint_command command() const;

private:
  CLI::App* verb(const char* name, checkpoint_verb verb, const char* what);
  void declare_diff();
  void declare_gc();
  void takes_path(CLI::App* verb, const char* meaning);
  void takes_json(CLI::App* verb);
  void takes_data_dir(CLI::App* verb);

  CLI::App* app_ = nullptr;
  std::string job_;
  bool full_ = false;
  bool incremental_ = false;
  checkpoint_verb verb_ = checkpoint_verb::list;
  std::string path_;
  std::string other_path_;         // diff
  std::vector<std::string> paths_; // rm
  std::string destination_;
  std::string data_dir_;
  bool json_ = false;
  bool deletes_ = false;
  bool exit_code_ = false;
};

} // namespace weir::cli
