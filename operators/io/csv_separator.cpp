#include "operators/io/csv_separator.hpp"

#include "serialization/error.hpp"

namespace weir::detail {

char checked_separator(char separator) {
  if (separator == '"' || separator == '\n' || separator == '\r')
    throw error(failure::usage,
                "a quote or an end of line cannot separate the columns of "
                "CSV; give .separator() another character");
  return separator;
}

} // namespace weir::detail
