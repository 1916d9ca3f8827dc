// Standard error as a place for lines and, if it is a terminal, for a view.
#pragma once

#include "apps/weir/live_view.hpp"

#include <string_view>

namespace weir::cli {

/// Whether a view can be redrawn in place there: on a terminal that is not dumb, and that
/// the job does not write to as well.
bool can_draw_on_error(bool job_prints);
/// Unless NO_COLOR asks for none.
bool may_color();
/// 80 x 24 where nobody knows.
terminal_size size_of_error();
/// All of it; what cannot be written is nobody's to complain about.
void write_error(std::string_view bytes);
/// The same of lines that say anything at all: see printable.hpp.
void write_error_lines(std::string_view text);

/// For the reader's log: milliseconds since 1970.
std::int64_t utc_now_ms();

} // namespace weir::cli
