// What somebody may have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// "'counts', 'clicks' and 3 more": the nearest to `wanted` first. Empty: there is none.
std::string nearest_names(std::string_view wanted, std::vector<std::string> names);

} // namespace weir
