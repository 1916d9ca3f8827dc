#include "apps/weir/control/line_stream.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace weir::cli {

std::optional<std::string> receive_line(const file_descriptor& from) {
  constexpr std::size_t longest = std::size_t{1} << 16;
  std::string line;
  while (line.size() <= longest) {
    std::array<char, 4096> bytes;
    const ssize_t got = ::recv(from.get(), bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return std::nullopt;
    const std::string_view text(bytes.data(), static_cast<std::size_t>(got));
    const auto end = text.find('\n');
    line += text.substr(0, end);
    if (end != text.npos || got == 0)
      return line;
  }
  return std::nullopt;
}

bool send_line(const file_descriptor& to, const std::string& line) {
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t sent = ::send(to.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR)
      return false;
    left.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
  }
  return true;
}

} // namespace weir::cli
