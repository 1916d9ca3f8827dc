// A terminal as far as weir draws on it: text, line ends, cursor up, and erasing. What it
// does not know is a failure, and so is a line that does not fit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::testing {

class screen {
public:
  explicit screen(std::size_t columns) : columns_(columns) {}

  /// Throws std::runtime_error for what no terminal should be told.
  void write(std::string_view bytes);

  /// The lines, without spaces at their ends and without empty lines at the end.
  std::vector<std::string> lines() const;
  /// Whether text was ever made bold.
  bool colored() const noexcept { return colored_; }

private:
  void put(char c);
  std::size_t escape(std::string_view bytes);

  std::size_t columns_;
  std::vector<std::string> lines_{""};
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  bool colored_ = false;
};

} // namespace weir::testing
