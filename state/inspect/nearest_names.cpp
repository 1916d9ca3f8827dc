#include "state/inspect/nearest_names.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weir {

namespace {

/// How many characters have to be changed, added or taken away.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

} // namespace

std::string nearest_names(std::string_view wanted, std::vector<std::string> names) {
  constexpr std::size_t shown_max = 8;
  constexpr std::size_t compared_max = 256; // characters: names may be damaged
  const auto distance = [&](const std::string& name) {
    return edits_between(wanted.substr(0, compared_max),
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
