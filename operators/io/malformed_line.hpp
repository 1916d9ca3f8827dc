// A line that is no record: what a source knows about it.
#pragma once

#include "operators/side_output.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace weir {

struct malformed_line {
  std::string file; // or "standard input"
  std::uint64_t line = 0;
  std::string text;
  std::string reason; // "byte 5: field 'amount': 'abc' is not a number"

  static constexpr std::array weir_fields{"file", "line", "text", "reason"};
};

/// Where sources of records send them, if the job reads it: `job.source(name,
/// read_csv..., malformed_lines)` and `.side(malformed_lines)`.
inline constexpr side_output<malformed_line, "malformed-lines"> malformed_lines;

} // namespace weir
