#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace weir::testing {

namespace {

[[noreturn]] void fail(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::filesystem::path& directory, int input, int output) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (::dup2(input >= 0 ? input : nothing, STDIN_FILENO) >= 0 &&
      ::dup2(nothing, STDOUT_FILENO) >= 0 && ::dup2(output, STDERR_FILENO) >= 0 &&
      ::chdir(directory.c_str()) == 0)
    ::execv(argv[0], argv.data());
  ::_exit(127);
}

timespec until(child_process::clock::time_point deadline) {
  const auto left =
      std::max(std::chrono::nanoseconds(0),
               std::chrono::nanoseconds(deadline - child_process::clock::now()));
  return {static_cast<time_t>(left.count() / 1'000'000'000),
          static_cast<long>(left.count() % 1'000'000'000)};
}

} // namespace

child_pid::~child_pid() {
  if (pid_ > 0) {
    signal(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

bool child_pid::fork_child() {
  pid_ = ::fork();
  if (pid_ < 0)
    fail("forking");
  if (pid_ == 0)
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return pid_ > 0;
}

void child_pid::signal(int number) const {
  ::kill(pid_, number);
}

process_end child_pid::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0)
    if (errno != EINTR)
      fail("waiting for a child");
  pid_ = -1;
  if (WIFSIGNALED(status))
    return {-1, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

child_process::child_process(const std::vector<std::string>& arguments,
                             const std::filesystem::path& directory, input from) {
  int ends[2];
  int feed[2]{-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0 ||
      (from == input::pipe && ::pipe2(feed, O_CLOEXEC) != 0))
    fail("making a pipe");
  if (!pid_.fork_child())
    become(arguments, directory, feed[0], ends[1]);
  ::close(ends[1]);
  if (feed[0] >= 0)
    ::close(feed[0]);
  input_ = feed[1];
  output_ = ends[0];
}

child_process::~child_process() {
  close_input();
  ::close(output_);
}

void child_process::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(input_, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      fail("writing input");
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void child_process::close_input() {
  if (input_ >= 0)
    ::close(std::exchange(input_, -1));
}

bool child_process::take_line() {
  const auto end = buffer_.find('\n');
  if (end == buffer_.npos)
    return false;
  line_ = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return true;
}

child_process::event child_process::next(clock::time_point deadline) {
  while (!take_line()) {
    pollfd readable{output_, POLLIN, 0};
    const timespec left = until(deadline);
    const int ready = ::ppoll(&readable, 1, &left, nullptr);
    if (ready == 0)
      return event::deadline;
    if (ready < 0 && errno != EINTR)
      fail("waiting for output");
    if (ready < 0)
      continue;
    char bytes[4096];
    const ssize_t got = ::read(output_, bytes, sizeof bytes);
    if (got < 0 && errno != EINTR)
      fail("reading output");
    if (got == 0)
      return event::ended;
    if (got > 0)
      buffer_.append(bytes, static_cast<std::size_t>(got));
  }
  return event::line;
}

void child_process::kill() {
  signal(SIGKILL);
}

finished_process run_process(const std::vector<std::string>& arguments,
                             const std::filesystem::path& directory,
                             std::chrono::seconds limit) {
  child_process child(arguments, directory);
  finished_process finished;
  const auto deadline = child_process::clock::now() + limit;
  auto event = child.next(deadline);
  for (; event == child_process::event::line; event = child.next(deadline))
    finished.lines.push_back(child.line());
  if (event == child_process::event::deadline) {
    child.kill();
    finished.lines.emplace_back("killed: it took too long");
  }
  finished.end = child.wait();
  return finished;
}

} // namespace weir::testing
