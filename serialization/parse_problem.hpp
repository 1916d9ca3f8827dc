// Why a line of text is no record. A value and no exception: sources meet malformed lines
// every day and count them or send them elsewhere.
#pragma once

#include <cstddef>
#include <string>

namespace weir {

struct parse_problem {
  std::size_t offset = 0; // where in the line, in bytes
  std::string field = {}; // "amount", "items[2].price"; empty: the line as a whole
  std::string what = {};  // "'abc' is not a whole number"

  /// "field 'amount': 'abc' is not a whole number"
  std::string message() const {
    return field.empty() ? what : "field '" + field + "': " + what;
  }
};

} // namespace weir
