// The sink that writes structs as CSV (serialization/csv.hpp), with the names of the
// columns in the first line of each file.
#pragma once

#include "operators/io/csv_separator.hpp"
#include "operators/io/line_sink.hpp"
#include "serialization/csv.hpp"

namespace weir {

namespace detail {

struct csv_format {
  char separator = ',';

  template <csv_record T>
  void begin(std::string& out) const {
    append_csv_header<T>(out, separator);
    out += '\n';
  }
  template <csv_record T>
  void append(std::string& out, const T& value) const {
    append_csv(out, value, separator);
  }
};

} // namespace detail

class write_csv : public detail::line_sink_spec<detail::csv_format> {
public:
  explicit write_csv(std::string directory) : line_sink_spec(std::move(directory)) {}

  write_csv& separator(char separator) {
    format_.separator = detail::checked_separator(separator);
    return *this;
  }
};

} // namespace weir
