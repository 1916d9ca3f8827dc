// A line that is no record: what a source knows about it.
#pragma once

#include <cstdint>
#include <string>

namespace weir {

struct malformed_line {
  std::string file; // or "standard input"
  std::uint64_t line = 0;
  std::string text;
  std::string reason; // "byte 5: field 'amount': 'abc' is not a number"
};

} // namespace weir
