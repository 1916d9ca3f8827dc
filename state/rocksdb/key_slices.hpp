// Encoded keys and ends of key group ranges, as RocksDB takes them.
#pragma once

#include "serialization/ordered_key.hpp"
#include "state/key_group.hpp"

#include <rocksdb/slice.h>

#include <array>
#include <span>

namespace weir {

/// Borrows the bytes.
inline rocksdb::Slice slice(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The end of a range of key groups, as RocksDB compares: before every key of `group`.
class group_bound {
public:
  explicit group_bound(std::uint32_t group) : none_(group > last_key_group) {
    ordered_key<key_group>::encode(static_cast<key_group>(group), bytes_.data());
    slice_ = slice(bytes_);
  }
  group_bound(const group_bound&) = delete;
  group_bound& operator=(const group_bound&) = delete;

  /// Null: there is no such group, so the range has no end.
  const rocksdb::Slice* get() const noexcept { return none_ ? nullptr : &slice_; }

private:
  std::array<std::byte, sizeof(key_group)> bytes_;
  rocksdb::Slice slice_;
  bool none_;
};

} // namespace weir
