// The job's socket, from both sides: a line that comes in is a request or an answer,
// which are written as a line that says the same, or it is refused; and what a command
// prints of an answer does nothing to a terminal.
#include "apps/weir/control/control_messages.hpp"
#include "apps/weir/control/job_text.hpp"
#include "apps/weir/control/line_stream.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <sys/socket.h>

namespace weir::fuzz {

namespace {

template <class Message, class Read>
std::optional<Message> check_message(std::string_view line, Read read) {
  std::string problem;
  const std::optional<Message> message = read(line, problem);
  FUZZ_REQUIRE(message || !problem.empty(), std::string(line));
  if (!message)
    return message;
  const std::string written = cli::line_of(*message);
  FUZZ_REQUIRE(written.find('\n') == written.size() - 1, written);
  FUZZ_REQUIRE(read(written, problem) == message, written);
  return message;
}

void check_info(const cli::job_info& info) {
  constexpr std::int64_t now = 1'800'000'000'000;
  require_lines(cli::text_of(info, now));
  const std::string table = cli::text_of(std::vector{info}, now);
  require_lines(table);
  FUZZ_REQUIRE(std::ranges::count(table, '\n') == 2, table);
}

void check_line(std::string_view line) {
  check_message<cli::control_request>(line, cli::request_of);
  const auto answer = check_message<cli::control_answer>(line, cli::answer_of);
  if (answer && answer->info)
    check_info(*answer->info);
}

/// What the other side receives of it.
std::optional<std::string> through_socket(std::string_view sent) {
  int ends[2];
  FUZZ_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "");
  file_descriptor from(ends[0]);
  const file_descriptor to(ends[1]);
  FUZZ_REQUIRE(cli::send_line(from, std::string(sent)), "a small message finds room");
  from = file_descriptor();
  return cli::receive_line(to);
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  const line_and_rest stream(text_of(data, size));
  const auto line = through_socket(text_of(data, size));
  FUZZ_REQUIRE(line == stream.line, "another line than was sent");
  check_line(*line);
  return 0;
}
