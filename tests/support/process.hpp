// A program as a child process, seen through its standard error and fed through its
// standard input. Time passes only while waiting for its next line; nothing here sleeps.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace weir::testing {

struct process_end {
  int code = -1;  // -1 when a signal ended it
  int signal = 0; // 0 when it exited
};

class child_process {
public:
  using clock = std::chrono::steady_clock;
  enum class event { line, deadline, ended };

  /// Its standard input: nothing, or a pipe for write() that stays open.
  enum class input { nothing, pipe };

  /// Starts `arguments[0]` in `directory`; standard output is dropped. The child dies
  /// with this process.
  child_process(const std::vector<std::string>& arguments,
                const std::filesystem::path& directory, input from = input::nothing);
  /// Kills and reaps what has not been waited for.
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Waits for the next line on standard error, the deadline, or the end of the output.
  event next(clock::time_point deadline);
  /// The line that next() has found.
  const std::string& line() const noexcept { return line_; }
  void write(std::string_view text);
  /// The end of what it can read.
  void close_input();
  void kill();
  void signal(int number);
  process_end wait();

private:
  bool take_line();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
  std::string line_;
};

struct finished_process {
  process_end end;
  std::vector<std::string> lines; // of standard error
};

/// Runs a program to its end; one that outlives `limit` is killed.
finished_process run_process(const std::vector<std::string>& arguments,
                             const std::filesystem::path& directory,
                             std::chrono::seconds limit);

} // namespace weir::testing
