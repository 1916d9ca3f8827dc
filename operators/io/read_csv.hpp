// The source of structs from CSV (serialization/csv.hpp), a record to a line: a column in
// quotes cannot go on in the next line. The first line of each file names its columns.
#pragma once

#include "operators/io/csv_separator.hpp"
#include "operators/io/record_source.hpp"
#include "serialization/csv.hpp"

namespace weir {

namespace detail {

template <csv_record T>
class csv_lines {
public:
  csv_lines(char separator, bool named) : reader_(separator), named_(named) {}

  bool named() const noexcept { return named_; }
  std::optional<parse_problem> read_names(std::string_view line) {
    return reader_.read_header(line);
  }
  std::optional<parse_problem> read(std::string_view line, T& out) {
    return reader_.read(line, out);
  }

private:
  csv_reader<T> reader_;
  bool named_;
};

} // namespace detail

template <csv_record T>
class read_csv {
public:
  static constexpr bool blocking = true;
  static constexpr bool rescales = true;

  explicit read_csv(line_input input) : input_(std::move(input)) {}

  /// The first line is a record too, and the columns stand in the order of the fields.
  read_csv& no_header() {
    named_ = false;
    return *this;
  }
  read_csv& separator(char separator) {
    separator_ = detail::checked_separator(separator);
    return *this;
  }
  /// Skips lines that are no record and counts them; else they fail the job.
  read_csv& skip_malformed() {
    skip_malformed_ = true;
    return *this;
  }

  auto open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return detail::record_source<T, detail::csv_lines<T>>(
        detail::line_stream(input_, subtask, parallelism), {separator_, named_},
        skip_malformed_);
  }
  std::string reads_once() const { return input_.reads_once(); }

private:
  line_input input_;
  char separator_ = ',';
  bool named_ = true;
  bool skip_malformed_ = false;
};

} // namespace weir
