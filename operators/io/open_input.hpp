// Text that comes once, from a descriptor that is open already: standard input. Nothing
// of it can be read again, so its reader outlives an attempt: the next one goes on behind
// the last line that was taken, and no line is torn. One attempt at a time uses it.
#pragma once

#include "operators/io/line_buffer.hpp"

#include <string>

namespace weir {

/// A descriptor that lines come from once: a pipe, a terminal, a file.
struct open_input {
  int descriptor;
};

/// Where `weir run` reads what is piped into it.
inline constexpr open_input standard_input{0};

namespace detail {

class open_input_reader {
public:
  explicit open_input_reader(open_input from);

  /// Takes the next line if there is one now; valid until the next call. The last line
  /// may have no end.
  bool next(std::string_view& line);
  /// Nothing will come any more.
  bool ended() const noexcept { return ended_; }
  /// Returns when there is something to read, or after a moment: a barrier, a flush or
  /// the end of the job may be due.
  void wait() const;

  /// How many lines were taken.
  std::uint64_t lines() const noexcept { return lines_; }
  /// The first of them, which may be a header.
  const std::string& first_line() const noexcept { return first_line_; }
  /// "standard input"
  const std::string& name() const noexcept { return name_; }

private:
  bool take(std::string_view& line);
  bool ready(int milliseconds) const;
  void fill();
  [[noreturn]] void fail(const char* why) const;

  int descriptor_;
  std::string name_;
  line_buffer buffer_;
  bool closed_ = false; // the other end, or the end of the file
  bool ended_ = false;
  std::uint64_t lines_ = 0;
  std::string first_line_;
};

} // namespace detail

} // namespace weir
