// A program on a terminal of its own: all its standard files are one pseudo terminal.
#pragma once

#include "tests/support/process.hpp"

#include <map>

namespace weir::testing {

class terminal_process {
public:
  struct size {
    unsigned short columns;
    unsigned short rows;
  };

  /// Whether this machine has pseudo terminals: a container may have none.
  static bool possible();

  /// `environment` is set on top of this program's.
  terminal_process(const std::vector<std::string>& arguments,
                   const std::filesystem::path& directory, size terminal,
                   const std::map<std::string, std::string>& environment);
  ~terminal_process();
  terminal_process(const terminal_process&) = delete;
  terminal_process& operator=(const terminal_process&) = delete;

  /// Reads on until `part` has come; false when the program ends or takes too long before
  /// that.
  bool reads(const std::string& part);
  void signal(int number) { pid_.signal(number); }
  /// Reads to the end.
  process_end wait();
  /// Everything that the program has written so far.
  const std::string& output() const noexcept { return output_; }

private:
  bool read_some();

  child_pid pid_;
  int terminal_ = -1;
  std::string output_;
};

} // namespace weir::testing
