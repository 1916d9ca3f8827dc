#include "apps/weir/inspect/standard_output.hpp"

#include "apps/weir/printable.hpp"
#include "serialization/error.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace weir::cli {

void print(std::string_view text) {
  standard_output out;
  out.text() = printable_lines(text);
  out.flush();
}

bool standard_output::flush() {
  std::string_view left = open_ ? std::string_view(text_) : std::string_view();
  while (!left.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, left.data(), left.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0 && errno == EPIPE) {
      open_ = false;
      break;
    }
    if (written < 0)
      throw error(failure::job_failed, "cannot write to standard output: " +
                                           std::generic_category().message(errno) +
                                           "; free some space there, or write elsewhere");
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  text_.clear();
  return open_;
}

} // namespace weir::cli
