// What the bytes of a row of states by name say of its expiry, for whoever drops rows
// without knowing their types: a restore, or a filter of the database that has them. Not
// for the rows of other tables, whose values have no such header.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "state/time.hpp"

#include <bit>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>

namespace weir {

// Frozen: see state_layout.hpp.
constexpr std::byte row_layout_number{1};
constexpr std::byte row_lasts{0};
constexpr std::byte row_expires{1}; // all of it; when follows

/// When all of the row has expired; none if something in it never does, or if it is no
/// such row.
inline std::optional<processing_time>
row_expiry(std::span<const std::byte> encoded_value) noexcept {
  static_assert(std::endian::native == std::endian::little);
  std::int64_t until = 0;
  if (encoded_value.size() < 2 + sizeof until || encoded_value[0] != row_layout_number ||
      encoded_value[1] != row_expires)
    return std::nullopt;
  std::memcpy(&until, encoded_value.data() + 2, sizeof until);
  return processing_time(processing_time::duration(until));
}

/// Whether a state expires: row_expiry may be asked of the rows that it is in.
inline bool expires(const state_description& state) {
  return state.kind.starts_with("expiring ");
}

} // namespace weir
