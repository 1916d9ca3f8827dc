// What an encoded row says by itself, whatever its types: its key begins with its key
// group, big endian (frozen).
#pragma once

#include "serialization/ordered_key.hpp"
#include "state/key_group.hpp"

#include <span>

namespace weir {

/// Requires: at least the bytes of a key group.
inline key_group group_of_row(std::span<const std::byte> encoded_key) {
  key_group group = 0;
  ordered_key<key_group>::decode_into(group, encoded_key.data());
  return group;
}

} // namespace weir
