// Which names found in a file may become part of a path. Frozen: a stricter rule would
// refuse existing checkpoints.
#pragma once

#include <string_view>

namespace weir {

/// True for [A-Za-z0-9._-]{1,128} that does not begin with a dot.
bool is_file_name(std::string_view name);

} // namespace weir
