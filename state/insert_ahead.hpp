// Many rows into a directory, one after the other, with the memory that they need
// requested some rows ahead: a restore would wait three times for each otherwise.
#pragma once

#include "state/row_directory.hpp"

#include <array>

namespace weir {

/// Calls `insert(i)` for i in [from, end). `key_at(i, key)` decodes the key of that row;
/// it is called a second time by whoever inserts, so only keys that stand in place are
/// looked at ahead.
template <class Key, class Value, class KeyAt, class Insert>
void insert_ahead(const row_directory<Key, Value>& into, std::size_t from,
                  std::size_t end, KeyAt key_at, Insert insert) {
  constexpr std::size_t far = 24; // where its segment is
  constexpr std::size_t near = 8; // what is in that
  constexpr bool looks_ahead = !key_cell<Key>::on_heap && !holds_text<Key>;
  std::array<std::uint64_t, std::bit_ceil(far + 1)> hashes;
  const auto expect = [&](std::size_t i) {
    if constexpr (looks_ahead) {
      Key key{};
      key_at(i, key);
      into.expect_insert(hashes[i % hashes.size()] = hash_of(key));
    }
  };
  for (std::size_t i = from; i < std::min(end, from + far); ++i)
    expect(i);
  for (std::size_t i = from; i < end; ++i) {
    if (i + far < end)
      expect(i + far);
    if (looks_ahead && i + near < end)
      into.expect_insert_soon(hashes[(i + near) % hashes.size()]);
    insert(i);
  }
}

} // namespace weir
