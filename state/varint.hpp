// Numbers in rows of states: 7 bits a byte, low ones first; the high bit says that more
// follow. Frozen: changing this breaks existing checkpoints.
#pragma once

#include "serialization/byte_reader.hpp"

namespace weir {

constexpr std::size_t varint_bytes_max = 10;

constexpr std::size_t varint_size(std::uint64_t value) {
  std::size_t bytes = 1;
  for (; value >= 0x80; value >>= 7)
    ++bytes;
  return bytes;
}

/// Writes `varint_size(value)` bytes and returns where they end.
inline std::byte* put_varint(std::uint64_t value, std::byte* out) {
  for (; value >= 0x80; value >>= 7)
    *out++ = static_cast<std::byte>(value | 0x80);
  *out++ = static_cast<std::byte>(value);
  return out;
}

/// Throws weir::error where none stands.
inline std::uint64_t take_varint(byte_reader& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const std::uint8_t byte = in.take_byte();
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80)
      return value;
  }
  byte_reader::malformed("a number in a row of states has no end");
}

} // namespace weir
