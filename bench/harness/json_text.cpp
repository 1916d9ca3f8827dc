#include "bench/harness/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace weir::bench {

namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20) {
    out += c;
    return;
  }
  out += "\\u00";
  out += hex[byte >> 4];
  out += hex[byte & 15];
}

} // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text)
    append_escaped(out, c);
  out += '"';
  return out;
}

std::string json_number(std::optional<double> value) {
  if (!value || !std::isfinite(*value))
    return "null";
  std::array<char, 32> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), *value).ptr;
  return {digits.data(), end};
}

} // namespace weir::bench
