#include "serialization/csv.hpp"

#include <algorithm>

namespace weir {

std::size_t csv_line_length(std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"')
      quoted = !quoted;
    else if (text[at] == '\n' && !quoted)
      return at + 1;
  }
  return text.npos;
}

namespace detail {

namespace {

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n'))
    line.remove_suffix(1);
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

} // namespace

std::optional<parse_problem> csv_line::split(std::string_view line) {
  line = without_line_end(line);
  cells_.clear();
  unquoted_.clear();
  unquoted_.reserve(line.size()); // views into it must stay
  std::size_t at = 0;
  for (;;) {
    if (at < line.size() && line[at] == '"') {
      if (auto problem = take_quoted(line, at))
        return problem;
    } else {
      const std::size_t end = std::min(line.find(separator_, at), line.size());
      const std::string_view text = line.substr(at, end - at);
      if (const std::size_t quote = text.find('"'); quote != text.npos)
        return parse_problem{at + quote, {}, "a quote inside a column without quotes"};
      cells_.push_back({text, false, at});
      at = end;
    }
    if (at == line.size())
      return std::nullopt;
    if (line[at] != separator_)
      return parse_problem{at, {}, "text after the closing quote of a column"};
    ++at;
  }
}

/// `at` is at the opening quote, and then behind the closing one.
std::optional<parse_problem> csv_line::take_quoted(std::string_view line,
                                                   std::size_t& at) {
  const std::size_t opening = at++;
  const std::size_t kept = unquoted_.size();
  std::size_t from = at;
  for (;;) {
    at = line.find('"', at);
    if (at == line.npos)
      return parse_problem{
          opening, {}, "the quote of a column is never closed in this line"};
    const bool doubled = at + 1 < line.size() && line[at + 1] == '"';
    if (!doubled)
      break;
    unquoted_.append(line, from, at + 1 - from);
    at += 2;
    from = at;
  }
  std::string_view text = line.substr(from, at - from);
  if (unquoted_.size() > kept) {
    unquoted_.append(text);
    text = std::string_view(unquoted_).substr(kept);
  }
  cells_.push_back({text, true, opening});
  ++at;
  return std::nullopt;
}

std::optional<parse_problem> find_columns(const std::vector<csv_cell>& header,
                                          std::span<const std::string_view> names,
                                          std::span<const bool> may_be_missing,
                                          std::span<std::size_t> columns) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  for (std::size_t i = 0; i < names.size(); ++i) {
    columns[i] = not_there;
    for (std::size_t column = 0; column < header.size(); ++column) {
      std::string_view title = header[column].text;
      if (column == 0 && title.starts_with(byte_order_mark))
        title.remove_prefix(byte_order_mark.size());
      if (title != names[i])
        continue;
      if (columns[i] != not_there)
        return parse_problem{header[column].offset, std::string(names[i]),
                             "two columns have this name"};
      columns[i] = column;
    }
    if (columns[i] == not_there && !may_be_missing[i])
      return parse_problem{0, std::string(names[i]), "no column has this name"};
  }
  return std::nullopt;
}

std::string shown(std::string_view text) {
  constexpr std::size_t shown_max = 24; // as for JSON
  std::string shown = "'";
  shown.append(text.substr(0, shown_max));
  shown += text.size() > shown_max ? "...' " : "' ";
  return shown;
}

void append_csv_text(std::string& out, std::string_view text, char separator) {
  const auto special = [separator](char c) {
    return c == separator || c == '"' || c == '\n' || c == '\r';
  };
  if (std::none_of(text.begin(), text.end(), special)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"')
      out += '"';
    out += c;
  }
  out += '"';
}

} // namespace detail

} // namespace weir
