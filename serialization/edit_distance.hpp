// How far a name is from another one: for messages that say what somebody may have meant.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <string_view>

namespace weir {

/// How many characters have to be changed, added or taken away to make one of the other;
/// `limit` if it is no less.
std::size_t edit_distance(std::string_view a, std::string_view b,
                          std::size_t limit = std::numeric_limits<std::size_t>::max());

/// The first of `those` whose name is nearest. Requires: there is one.
template <class Range, class NameOf = std::identity>
auto nearest_to(std::string_view name, const Range& those, NameOf name_of = {}) {
  auto nearest = those.begin();
  auto distance = std::numeric_limits<std::size_t>::max();
  for (auto each = those.begin(); each != those.end(); ++each) {
    const std::size_t its = edit_distance(std::invoke(name_of, *each), name, distance);
    if (its < distance) {
      distance = its;
      nearest = each;
    }
  }
  return nearest;
}

} // namespace weir
