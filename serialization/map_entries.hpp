// The entries of a map in ascending order of their keys: two equal unordered_maps are the
// same bytes and the same text. A std::map stands in its own order, which is that of an
// unordered_map unless the operator< of a struct says otherwise.
#pragma once

#include "serialization/ordered_bytes.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace weir::detail {

/// Pointers to the entries. Keys that may have an order of their own, or none, are
/// compared by their ordered bytes.
template <class Map>
std::vector<const typename Map::value_type*> ascending_entries(const Map& map) {
  using key = typename Map::key_type;
  using entry = const typename Map::value_type*;
  std::vector<entry> entries;
  entries.reserve(map.size());
  for (const auto& one : map)
    entries.push_back(&one);
  if constexpr (of_kind<key, record_kind::scalar, record_kind::string>) {
    std::sort(entries.begin(), entries.end(),
              [](entry a, entry b) { return a->first < b->first; });
  } else {
    std::vector<std::pair<std::string, entry>> keyed(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      ordered_bytes<key>::encode(entries[i]->first, keyed[i].first);
      keyed[i].second = entries[i];
    }
    std::sort(keyed.begin(), keyed.end());
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = keyed[i].second;
  }
  return entries;
}

/// Calls `visit(key, value)` for every entry in ascending order.
template <class Map, class Visit>
void for_each_entry(const Map& map, Visit&& visit) {
  if constexpr (sorted_map<Map>) {
    for (const auto& [key, value] : map)
      visit(key, value);
  } else {
    for (const auto* entry : ascending_entries(map))
      visit(entry->first, entry->second);
  }
}

} // namespace weir::detail
