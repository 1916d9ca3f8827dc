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

/// A child that has been forked.
class child_pid {
public:
  child_pid() = default;
  /// Kills and reaps what has not been waited for.
  ~child_pid();
  child_pid(const child_pid&) = delete;
  child_pid& operator=(const child_pid&) = delete;

  /// Forks; false in the child, which dies with this process.
  bool fork_child();
  void signal(int number) const;
  process_end wait();

private:
  pid_t pid_ = -1;
};

class child_process {
public:
  using clock = std::chrono::steady_clock;
  enum class event { line, deadline, ended };

  /// Its standard input: nothing, or a pipe for write() that stays open.
  enum class input { nothing, pipe };

  /// Starts `arguments[0]` in `directory`; standard output is dropped.
  child_process(const std::vector<std::string>& arguments,
                const std::filesystem::path& directory, input from = input::nothing);
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
  void signal(int number) { pid_.signal(number); }
  process_end wait() { return pid_.wait(); }

private:
  bool take_line();

  child_pid pid_;
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
