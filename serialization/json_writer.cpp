#include "serialization/json_writer.hpp"

#include <fmt/format.h>

#include <iterator>

namespace weir {

void append_json_text(std::string& out, std::string_view text) {
  constexpr std::string_view special = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  out += '"';
  for (const char c : text) {
    if (const std::size_t which = special.find(c); which != special.npos) {
      out += '\\';
      out += letters[which];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

} // namespace weir
