#include "state/inspect/nearest_names.hpp"

#include "serialization/edit_distance.hpp"

#include <algorithm>

namespace weir {

std::string nearest_names(std::string_view wanted, std::vector<std::string> names) {
  constexpr std::size_t shown_max = 8;
  constexpr std::size_t compared_max = 256; // characters: names may be damaged
  const auto distance = [&](const std::string& name) {
    return edit_distance(wanted.substr(0, compared_max),
                         std::string_view(name).substr(0, compared_max));
  };
  std::ranges::sort(names);
  std::ranges::stable_sort(names, {}, distance);
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < shown_max; ++i) {
    text.append(i == 0 ? "" : i + 1 == names.size() ? " and " : ", ");
    text.append("'").append(names[i]).append("'");
  }
  if (names.size() > shown_max)
    text.append(" and ").append(std::to_string(names.size() - shown_max)).append(" more");
  return text;
}

} // namespace weir
