// Unsigned integers in as few bytes as they need: seven bits a byte, low ones first; the
// high bit of a byte says that more follow.
// Frozen: changing this breaks existing checkpoints.
#pragma once

#include "serialization/byte_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace weir {

inline constexpr std::size_t varint_bytes_max = 10;

constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  std::size_t bytes = 1;
  for (; value >= 0x80; value >>= 7)
    ++bytes;
  return bytes;
}

/// Writes varint_size(value) bytes and returns where they end.
inline std::byte* put_varint(std::uint64_t value, std::byte* out) noexcept {
  for (; value >= 0x80; value >>= 7)
    *out++ = static_cast<std::byte>(value | 0x80);
  *out++ = static_cast<std::byte>(value);
  return out;
}

/// Takes one from the front of `from`; nothing where none below 2^63 stands there.
inline std::optional<std::uint64_t>
try_take_varint(std::span<const std::byte>& from) noexcept {
  std::uint64_t value = 0;
  std::size_t at = 0;
  for (unsigned shift = 0; shift < 63 && at < from.size(); shift += 7) {
    const auto byte = std::to_integer<std::uint64_t>(from[at++]);
    value |= (byte & 0x7F) << shift;
    if (byte < 0x80) {
      from = from.subspan(at);
      return value;
    }
  }
  return std::nullopt;
}

/// The same where one has to stand; throws weir::error if none does.
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
