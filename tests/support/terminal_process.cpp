#include "tests/support/terminal_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace weir::testing {

namespace {

constexpr int patience_ms = 60'000;

[[noreturn]] void fail(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::filesystem::path& directory, const char* terminal,
                         const std::map<std::string, std::string>& environment) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  for (const auto& [name, value] : environment)
    ::setenv(name.c_str(), value.c_str(), 1);
  ::setsid(); // so that the terminal becomes its own
  const int opened = ::open(terminal, O_RDWR | O_CLOEXEC);
  if (opened >= 0 && ::dup2(opened, STDIN_FILENO) >= 0 &&
      ::dup2(opened, STDOUT_FILENO) >= 0 && ::dup2(opened, STDERR_FILENO) >= 0 &&
      ::chdir(directory.c_str()) == 0)
    ::execv(argv[0], argv.data());
  ::_exit(127);
}

} // namespace

bool terminal_process::possible() {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0)
    return false;
  ::close(terminal);
  return true;
}

terminal_process::terminal_process(
    const std::vector<std::string>& arguments, const std::filesystem::path& directory,
    size terminal, const std::map<std::string, std::string>& environment) {
  terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  char name[64];
  if (terminal_ < 0 || ::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0 ||
      ::ptsname_r(terminal_, name, sizeof name) != 0)
    fail("opening a pseudo terminal");
  const winsize wanted{terminal.rows, terminal.columns, 0, 0};
  if (::ioctl(terminal_, TIOCSWINSZ, &wanted) != 0)
    fail("giving a terminal its size");
  if (!pid_.fork_child())
    become(arguments, directory, name, environment);
}

terminal_process::~terminal_process() {
  ::close(terminal_);
}

bool terminal_process::read_some() {
  pollfd readable{terminal_, POLLIN, 0};
  while (true) {
    const int ready = ::poll(&readable, 1, patience_ms);
    if (ready == 0)
      return false;
    char bytes[4096];
    const ssize_t got = ready < 0 ? -1 : ::read(terminal_, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) // EIO: nobody has it open any more
      return false;
    output_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
}

bool terminal_process::reads(const std::string& part) {
  while (output_.find(part) == output_.npos)
    if (!read_some())
      return false;
  return true;
}

process_end terminal_process::wait() {
  while (read_some()) {
  }
  return pid_.wait();
}

} // namespace weir::testing
