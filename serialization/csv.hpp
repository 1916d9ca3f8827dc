// Structs as lines of comma-separated values (RFC 4180) and back. Fields are numbers,
// enums (as their number), bools, characters, text, durations and times (as their count),
// and optionals of these. An empty column is an empty optional; "" in quotes is text
// without characters. A reader belongs to one thread. A weir::text that it has read
// points into the line, or into the reader until that reads again.
#pragma once

#include "serialization/field_names.hpp"
#include "serialization/parse_problem.hpp"
#include "serialization/parse_scalar.hpp"
#include "serialization/record.hpp"
#include "serialization/text.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace weir {

namespace detail {

struct csv_cell {
  std::string_view text;
  bool quoted;
  std::size_t offset; // in the line
};

/// A line taken apart.
class csv_line {
public:
  explicit csv_line(char separator) : separator_(separator) {}

  /// `line` may end in \n or \r\n and outlives the cells.
  std::optional<parse_problem> split(std::string_view line);

  const std::vector<csv_cell>& cells() const { return cells_; }

private:
  std::optional<parse_problem> take_quoted(std::string_view line, std::size_t& at);

  char separator_;
  std::vector<csv_cell> cells_;
  std::string unquoted_; // the text of cells in which a quote is doubled
};

/// For each name its number in the header; `not_there` if it has none.
constexpr std::size_t not_there = static_cast<std::size_t>(-1);
std::optional<parse_problem> find_columns(const std::vector<csv_cell>& header,
                                          std::span<const std::string_view> names,
                                          std::span<const bool> may_be_missing,
                                          std::span<std::size_t> columns);

/// "'text' ", or its beginning.
std::string shown(std::string_view text);

void append_csv_text(std::string& out, std::string_view text, char separator);

template <class T>
constexpr bool is_csv_field = of_kind<T, record_kind::scalar, record_kind::string,
                                      record_kind::duration, record_kind::time>;
template <class T>
constexpr bool is_csv_field<std::optional<T>> =
    is_csv_field<T> && !of_kind<T, record_kind::optional>;

template <class T>
constexpr bool is_optional = of_kind<T, record_kind::optional>;

template <class T, std::size_t... I>
constexpr bool has_csv_fields(std::index_sequence<I...>) {
  return (is_csv_field<field_type<T, I>> && ...);
}

/// Returns nullptr or what is wrong with the text.
template <class T>
const char* parse_csv_field(const csv_cell& cell, T& value) {
  using enum record_kind;
  if constexpr (of_kind<T, string>) {
    take_chars(value, cell.text);
    return nullptr;
  } else if constexpr (of_kind<T, duration, time>) {
    typename T::rep count{};
    const char* const problem = parse_scalar(cell.text, count);
    value = from_count<T>(count);
    return problem;
  } else if constexpr (of_kind<T, optional>) {
    if (cell.text.empty() && !cell.quoted) {
      value.reset();
      return nullptr;
    }
    return parse_csv_field(cell, value ? *value : value.emplace());
  } else {
    return parse_scalar(cell.text, value);
  }
}

template <class T>
void append_csv_field(std::string& out, const T& value, char separator) {
  using enum record_kind;
  if constexpr (of_kind<T, string>) {
    append_csv_text(out, value, separator);
  } else if constexpr (std::is_same_v<T, char>) {
    append_csv_text(out, std::string_view(&value, 1), separator);
  } else if constexpr (of_kind<T, optional>) {
    const std::size_t before = out.size();
    if (value)
      append_csv_field(out, *value, separator);
    if (value && out.size() == before)
      out += "\"\"";
  } else {
    append_text(out, value);
  }
}

} // namespace detail

/// A struct that a line can hold.
template <class T>
concept csv_record = record<T> && detail::of_kind<T, detail::record_kind::aggregate> &&
    detail::has_csv_fields<T>(detail::field_numbers<T>);

template <csv_record T>
class csv_reader {
public:
  explicit csv_reader(char separator = ',') : line_(separator) {
    for (std::size_t i = 0; i < fields; ++i)
      columns_[i] = i;
  }

  /// From now on columns are found by their names in `line`. Columns that no field is
  /// named after are ignored; a column may be missing where its field is optional. After
  /// a problem the columns are those from before.
  std::optional<parse_problem> read_header(std::string_view line) {
    static constexpr auto names = field_names<T>();
    static constexpr auto optionals = which_are_optional(detail::field_numbers<T>);
    std::array<std::size_t, fields> found{};
    auto problem = line_.split(line);
    if (!problem)
      problem = detail::find_columns(line_.cells(), names, optionals, found);
    if (problem)
      return problem;
    columns_ = found;
    width_ = line_.cells().size();
    return std::nullopt;
  }

  /// Reads a line into `out`, whose text keeps its capacity; after a problem `out` holds
  /// part of the line.
  std::optional<parse_problem> read(std::string_view line, T& out) {
    if (auto problem = line_.split(line))
      return problem;
    const auto& cells = line_.cells();
    if (cells.size() != width_)
      return parse_problem{.what = "the line has " + std::to_string(cells.size()) +
                                   " columns instead of " + std::to_string(width_)};
    std::optional<parse_problem> problem;
    all_fields(out, [&](auto& field, auto number) {
      if (columns_[number()] == detail::not_there)
        return reset(field);
      const detail::csv_cell& cell = cells[columns_[number()]];
      const char* const what = detail::parse_csv_field(cell, field);
      if (what != nullptr)
        problem = describe(number(), cell, what);
      return what == nullptr;
    });
    return problem;
  }

private:
  static constexpr std::size_t fields = detail::field_count<T>;

  template <std::size_t... I>
  static constexpr std::array<bool, fields>
  which_are_optional(std::index_sequence<I...>) {
    return {detail::is_optional<detail::field_type<T, I>>...};
  }

  template <class Field>
  static bool reset(Field& field) {
    field = Field{};
    return true;
  }

  static parse_problem describe(std::size_t number, const detail::csv_cell& cell,
                                const char* what) {
    std::string name = std::to_string(number + 1);
    if constexpr (detail::has_field_names<T>)
      name = field_names<T>()[number];
    return {cell.offset, name, detail::shown(cell.text) + what};
  }

  detail::csv_line line_;
  std::array<std::size_t, fields> columns_;
  std::size_t width_ = fields;
};

/// The length of the first line of `text` with its end, which is not a line end inside
/// quotes; npos if that end is not in `text`.
std::size_t csv_line_length(std::string_view text);

/// Appends the names of the fields, without an end of line.
template <csv_record T>
void append_csv_header(std::string& out, char separator = ',') {
  for (std::size_t i = 0; i < detail::field_count<T>; ++i) {
    if (i > 0)
      out += separator;
    detail::append_csv_text(out, field_names<T>()[i], separator);
  }
}

/// Appends `value` as a line, without its end.
template <csv_record T>
void append_csv(std::string& out, const T& value, char separator = ',') {
  for_each_field(value, [&](const auto& field, auto number) {
    if constexpr (number() > 0)
      out += separator;
    detail::append_csv_field(out, field, separator);
  });
}

} // namespace weir
