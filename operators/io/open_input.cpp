#include "operators/io/open_input.hpp"

#include "serialization/error.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace weir::detail {

namespace {

/// How long a barrier may have to wait for a silent input.
constexpr int wait_milliseconds = 10;

} // namespace

open_input_reader::open_input_reader(open_input from)
    : descriptor_(from.descriptor),
      name_(from.descriptor == STDIN_FILENO
                ? "standard input"
                : "descriptor " + std::to_string(from.descriptor)) {}

bool open_input_reader::next(std::string_view& line) {
  if (!take(line))
    return false;
  ++lines_;
  if (lines_ == 1)
    first_line_ = line;
  return true;
}

bool open_input_reader::take(std::string_view& line) {
  while (!buffer_.take(line)) {
    if (closed_) {
      const bool rest = buffer_.take_rest(line);
      ended_ = !rest;
      return rest;
    }
    if (!ready(0))
      return false;
    fill();
  }
  return true;
}

void open_input_reader::wait() const {
  ready(wait_milliseconds);
}

bool open_input_reader::ready(int milliseconds) const {
  pollfd readable{descriptor_, POLLIN, 0};
  const int ready = ::poll(&readable, 1, milliseconds);
  if (ready < 0 && errno != EINTR)
    fail(std::strerror(errno));
  return ready > 0; // also when it is closed or broken, which reading will tell
}

void open_input_reader::fill() {
  const std::span<char> room = buffer_.room();
  if (room.empty())
    fail("it has a line of more than 64 MiB");
  const ssize_t got = ::read(descriptor_, room.data(), room.size());
  if (got > 0)
    buffer_.filled(static_cast<std::size_t>(got));
  else if (got == 0)
    closed_ = true;
  else if (errno != EINTR && errno != EAGAIN)
    fail(std::strerror(errno));
}

void open_input_reader::fail(const char* why) const {
  throw error(failure::job_failed,
              "reading " + name_ + " behind line " + std::to_string(lines_) + ": " + why);
}

} // namespace weir::detail
