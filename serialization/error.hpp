// The one exception type of weir. It ends a task or a command and carries the sentence
// that the operator of a job reads; expected outcomes are return values instead.
#pragma once

#include <stdexcept>
#include <string>

namespace weir {

/// What the failure means to whoever started the command; the value is the exit code.
enum class failure : int {
  job_failed = 1,
  usage = 2,
  restore_refused = 3,
  not_found = 4, // what was asked for is not there, and nothing is wrong
};

/// `text` in one line that does nothing to a terminal, whatever names it quotes: a
/// control character is shown as its escape in JSON.
std::string one_line(std::string text);

class error : public std::runtime_error {
public:
  error(failure kind, const std::string& message)
      : std::runtime_error(one_line(message)), kind_(kind) {}

  failure kind() const noexcept { return kind_; }

private:
  failure kind_;
};

/// For a `catch (...)`: what was caught, as an error. What is none is
/// failure::job_failed; of what is no std::exception only the type is known.
error caught_error();

} // namespace weir
