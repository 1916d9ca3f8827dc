// How far a name is from another one: for messages that say what somebody may have meant.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir {

/// How many characters have to be changed, added or taken away to make one of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

} // namespace weir
