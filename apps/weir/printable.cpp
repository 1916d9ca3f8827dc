#include "apps/weir/printable.hpp"

#include "serialization/value_json.hpp"

namespace weir::cli {

namespace {

std::string escaped_but(std::string_view kept, std::string_view text) {
  std::string shown;
  std::string quoted;
  while (true) {
    const auto end = text.find_first_of(kept);
    quoted.clear();
    append_any_text_json(quoted, text.substr(0, end));
    shown.append(quoted, 1, quoted.size() - 2);
    if (end == text.npos)
      return shown;
    shown += text[end];
    text.remove_prefix(end + 1);
  }
}

} // namespace

std::string printable(std::string_view line) {
  return escaped_but("\"\\", line);
}

std::string printable_lines(std::string_view text) {
  return escaped_but("\"\\\n", text);
}

} // namespace weir::cli
