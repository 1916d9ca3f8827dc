// A bucket of a row table: as many rows as fit a cache line together with their epochs,
// so that finding a row and noting that it was written touches one line of memory. Rows
// too large for two to a line have a bucket each, without padding.
//
// A bit of `used` says that a place has a row, one of `pending` that the row was written
// and is not yet encoded, one of `recent` that it was looked for lately, where rows may
// be away (row_residence.hpp). Rows stand in front, without gaps. All zero is an empty
// bucket.
#pragma once

#include "state/memory_chunk.hpp"
#include "state/row_cell.hpp"
#include "state/sealed_runs.hpp"

#include <array>
#include <bit>

namespace weir {

namespace detail {

template <class Key, class Value, std::size_t Rows>
struct bucket_fields {
  std::array<key_cell<Key>, Rows> keys;
  std::array<value_cell<Value>, Rows> values;
  std::array<epoch, Rows> epochs;
  std::uint8_t used;
  std::uint8_t pending;
  std::uint8_t recent;
};

template <class Key, class Value, std::size_t Rows = 8>
constexpr std::size_t rows_in_line() {
  if constexpr (Rows > 1 && sizeof(bucket_fields<Key, Value, Rows>) > cache_line)
    return rows_in_line<Key, Value, Rows - 1>();
  else
    return Rows;
}

} // namespace detail

template <class Key, class Value>
struct row_bucket
    : detail::bucket_fields<Key, Value, detail::rows_in_line<Key, Value>()> {
  static constexpr std::uint32_t rows = detail::rows_in_line<Key, Value>();

  /// The row of `key`, or `rows`. Compares with all of them, without a branch: which one
  /// it is cannot be predicted, and they are in one line.
  template <class Hash>
  std::uint32_t find(const Key& key, Hash hash) const {
    std::uint32_t equal = 0;
    for (std::uint32_t row = 0; row < rows; ++row)
      equal |= std::uint32_t{this->keys[row].is(key, hash)} << row;
    return lowest((equal & this->used) | 1U << rows);
  }

  bool full() const noexcept { return this->used == (1U << rows) - 1; }
  /// `rows` when full.
  std::uint32_t first_empty() const noexcept { return lowest(~this->used); }

  bool has(std::uint32_t row) const noexcept { return (this->used >> row) & 1; }
  bool is_pending(std::uint32_t row) const noexcept { return (this->pending >> row) & 1; }

  bool is_recent(std::uint32_t row) const noexcept { return (this->recent >> row) & 1; }

  void set_used(std::uint32_t row) noexcept { this->used = with(this->used, row); }
  void set_pending(std::uint32_t row) noexcept {
    this->pending = with(this->pending, row);
  }
  void set_recent(std::uint32_t row) noexcept { this->recent = with(this->recent, row); }
  void clear_pending(std::uint32_t row) noexcept {
    this->pending = without(this->pending, row);
  }

  /// Removes a row; the last one takes its place.
  void take_out(std::uint32_t row) noexcept {
    const std::uint32_t last = first_empty() - 1;
    if (row != last) {
      this->keys[row] = this->keys[last];
      this->values[row] = this->values[last];
      this->epochs[row] = this->epochs[last];
      this->pending = without(this->pending, row);
      if (is_pending(last))
        set_pending(row);
      this->recent = without(this->recent, row);
      if (is_recent(last))
        set_recent(row);
    }
    this->keys[last] = {}; // which is compared with, too
    this->used = without(this->used, last);
    this->pending = without(this->pending, last);
    this->recent = without(this->recent, last);
  }

private:
  static std::uint32_t lowest(std::uint32_t bits) noexcept {
    return static_cast<std::uint32_t>(std::countr_zero(bits));
  }
  static std::uint8_t with(std::uint8_t bits, std::uint32_t row) noexcept {
    return static_cast<std::uint8_t>(bits | 1U << row);
  }
  static std::uint8_t without(std::uint8_t bits, std::uint32_t row) noexcept {
    return static_cast<std::uint8_t>(bits & ~(1U << row));
  }
};

} // namespace weir
