// Bytes as a test writes them down.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace weir::test {

inline std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte b : bytes)
    for (const unsigned digit :
         {std::to_integer<unsigned>(b) >> 4, std::to_integer<unsigned>(b) & 15})
      text += "0123456789abcdef"[digit];
  return text;
}

} // namespace weir::test
