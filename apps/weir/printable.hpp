// Texts that name what others have named: files, operators, values. Nothing in them is a
// command for a terminal, or a line of its own.
#pragma once

#include <string>
#include <string_view>

namespace weir::cli {

/// A control character is shown as its escape in JSON, and so is a byte that is no UTF-8.
std::string printable(std::string_view line);

/// The same of several lines.
std::string printable_lines(std::string_view text);

} // namespace weir::cli
