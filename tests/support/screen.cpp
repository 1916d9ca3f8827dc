#include "tests/support/screen.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace weir::testing {

void screen::write(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes[at] == '\x1b')
      at += escape(bytes.substr(at));
    else
      put(bytes[at++]);
  }
}

void screen::put(char c) {
  if (c == '\r') {
    column_ = 0;
  } else if (c == '\n') {
    column_ = 0;
    if (++row_ == lines_.size())
      lines_.emplace_back();
  } else if (static_cast<unsigned char>(c) < 0x20) {
    throw std::runtime_error("a control character: " + std::to_string(c));
  } else {
    if (column_ == columns_)
      throw std::runtime_error("a line is too wide: " + lines_[row_]);
    std::string& line = lines_[row_];
    if (line.size() <= column_)
      line.resize(column_ + 1, ' ');
    line[column_++] = c;
  }
}

/// How many bytes the sequence has.
std::size_t screen::escape(std::string_view bytes) {
  std::size_t number = 0;
  const char* const end = bytes.data() + bytes.size();
  const auto parsed = std::from_chars(bytes.data() + 2, end, number);
  if (bytes.size() < 3 || bytes[1] != '[' || parsed.ptr == end)
    throw std::runtime_error("an escape sequence that does not end");
  switch (*parsed.ptr) {
  case 'A':
    if (number > row_)
      throw std::runtime_error("the cursor goes above the top");
    row_ -= number;
    break;
  case 'K':
    lines_[row_].resize(std::min(lines_[row_].size(), column_));
    break;
  case 'J':
    lines_[row_].resize(std::min(lines_[row_].size(), column_));
    lines_.resize(row_ + 1);
    break;
  case 'm':
    colored_ = true;
    break;
  default:
    throw std::runtime_error(std::string("an escape sequence that ends in ") +
                             *parsed.ptr);
  }
  return static_cast<std::size_t>(parsed.ptr + 1 - bytes.data());
}

std::vector<std::string> screen::lines() const {
  std::vector<std::string> shown = lines_;
  for (auto& line : shown)
    line.erase(line.find_last_not_of(' ') + 1);
  while (!shown.empty() && shown.back().empty())
    shown.pop_back();
  return shown;
}

} // namespace weir::testing
