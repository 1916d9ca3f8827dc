#include "runtime/config_text.hpp"

#include "runtime/config_foreign.hpp"
#include "runtime/yaml/yaml_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace weir {

namespace {

/// How many bytes the character has that begins `text`; 0: it is none in UTF-8.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80)
    return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || length > text.size())
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80)
      return 0;
  // Longer than need be, half of a pair, or beyond the last one.
  const bool refused =
      (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
      (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
  return refused ? 0 : length;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end)); // with its end
    text.remove_prefix(end);
  }
  return lines;
}

std::string_view without_blanks(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r\n");
  return first == line.npos ? std::string_view() : line.substr(first);
}

bool opens_block_of_job(std::string_view line) {
  line = without_blanks(line);
  for (const std::string_view word : {"env", "source", "transform", "sink"})
    if (line.starts_with(word)) {
      const std::string_view behind = without_blanks(line.substr(word.size()));
      return behind.starts_with('{');
    }
  return false;
}

std::optional<yaml_problem> problem_of_line(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t length = character_length(line.substr(at));
    if (length == 0)
      return yaml_problem{
          0, static_cast<int>(at) + 1,
          fmt::format("byte 0x{:02x} is no text; a configuration is YAML in UTF-8",
                      static_cast<unsigned char>(line[at]))};
    at += length;
  }
  const std::size_t blanks = std::min(line.find_first_not_of(" \t"), line.size());
  const std::size_t tab = line.find('\t');
  if (tab < blanks && !without_blanks(line).empty() && line[blanks] != '#')
    return yaml_problem{0, static_cast<int>(tab) + 1,
                        "a tab in front of the line; YAML indents with spaces"};
  if (opens_block_of_job(line))
    return yaml_problem{
        0, 1,
        "this is a job of SeaTunnel's (HOCON), and no configuration, which is YAML; what "
        "its env says is written 'parallelism.default: 2' and "
        "'execution.checkpointing.interval: 10000' here"};
  return std::nullopt;
}

} // namespace

std::optional<yaml_problem> text_problem(const std::string& text) {
  if (text.size() > config_bytes_max)
    return yaml_problem{1, 1,
                        fmt::format("it has more than {} bytes; is this a configuration?",
                                    config_bytes_max)};
  int line = 0;
  for (const std::string_view each : lines_of(text)) {
    ++line;
    if (auto problem = problem_of_line(each)) {
      problem->line = line;
      return problem;
    }
  }
  return std::nullopt;
}

std::string without_unused_values(const std::string& text) {
  std::string result;
  for (const std::string_view line : lines_of(text)) {
    const std::size_t colon = line.find(": ");
    const bool unused = colon != line.npos &&
                        judge_foreign(std::string(line.substr(0, colon)), "").what ==
                            foreign_verdict::kind::unused;
    result.append(unused ? line.substr(0, colon + 1) : line);
    if (unused)
      result.append(line.ends_with('\n') ? "\n" : "");
  }
  return result;
}

} // namespace weir
