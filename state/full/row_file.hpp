// The file of all rows of a subtask, sorted by key:
//   header   magic "WEIRROWS", version u32, XXH3-128 of these 12 bytes
//   blocks   each some rows in full, as they are or as one zstd frame
//   index    a row_block for each of them
//   footer   offset of the index u64, blocks u64, rows u64, XXH3-128 of the index and
//            these 24 bytes
//   row      size of the key varint, size of the value varint, key, value
// Integers are little endian; a key begins with its key group, big endian.
// Frozen: changing any of it breaks existing checkpoints. A new version may change all
// but the header, by which it is told apart.
#pragma once

#include "serialization/checksum.hpp"
#include "serialization/codec.hpp"
#include "state/key_group.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace weir {

inline constexpr std::array<char, 8> row_file_magic = {'W', 'E', 'I', 'R',
                                                       'R', 'O', 'W', 'S'};
inline constexpr std::uint32_t row_file_version = 1;

enum class row_block_encoding : std::uint32_t { plain = 0, zstd = 1 };

/// A block, as it stands in the index. The fields are those of the format, in order.
struct row_block {
  std::uint64_t offset = 0; // blocks stand one behind the other
  std::uint64_t stored = 0; // bytes in the file
  std::uint64_t raw = 0;    // bytes of its rows
  std::uint64_t rows = 0;   // at least one
  key_group first_group = 0;
  key_group last_group = 0;
  row_block_encoding encoding = row_block_encoding::plain;
  checksum sum; // of the stored bytes
};

struct row_file_header {
  struct preamble {
    std::array<char, 8> magic = row_file_magic;
    std::uint32_t version = row_file_version;
  };
  static constexpr std::size_t size = codec<preamble>::size + codec<checksum>::size;
};

struct row_file_footer {
  struct totals {
    std::uint64_t index_offset = 0;
    std::uint64_t blocks = 0;
    std::uint64_t rows = 0;
  };
  static constexpr std::size_t size = codec<totals>::size + codec<checksum>::size;
};

/// The order of rows in the file, and in every run: that of memcmp.
inline std::strong_ordering compare_keys(std::span<const std::byte> a,
                                         std::span<const std::byte> b) noexcept {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  return order != 0 ? order <=> 0 : a.size() <=> b.size();
}

/// Requires: the key has one.
inline key_group group_of_key(std::span<const std::byte> key) noexcept {
  return static_cast<key_group>(std::to_integer<unsigned>(key[0]) << 8 |
                                std::to_integer<unsigned>(key[1]));
}

} // namespace weir
