// What may stand between the columns of a line of CSV.
#pragma once

namespace weir::detail {

/// Returns `separator`, or throws failure::usage for one that is part of the format.
char checked_separator(char separator);

} // namespace weir::detail
