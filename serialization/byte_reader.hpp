// Encoded records are read through this: it never reads past the end, whatever the bytes
// say. What is cut short or malformed ends the read with weir::error (restore_refused).
// One thread; the bytes outlive the reader. A weir::text that is read points into them,
// or into the arena where it stands otherwise there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace weir {

class text_arena;

class byte_reader {
public:
  explicit byte_reader(std::span<const std::byte> bytes, text_arena* unescaped = nullptr)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()), unescaped_(unescaped) {}

  std::span<const std::byte> rest() const { return {at_, end_}; }
  bool at_end() const { return at_ == end_; }

  /// The next `size` bytes.
  const std::byte* take(std::size_t size) {
    if (size > rest().size())
      cut_short(size);
    const std::byte* const taken = at_;
    at_ += size;
    return taken;
  }

  std::uint8_t take_byte() { return std::to_integer<std::uint8_t>(*take(1)); }

  /// A u32 that counts elements of `size_min` bytes or more; what cannot possibly follow
  /// is refused here, before anybody makes room for it.
  std::size_t take_count(std::size_t size_min) {
    std::uint32_t count = 0;
    std::memcpy(&count, take(sizeof count), sizeof count);
    if (count * std::uint64_t{size_min} > rest().size())
      cut_short(count * std::uint64_t{size_min});
    return count;
  }

  /// Requires: there is one.
  text_arena& unescaped() const;

  /// Ends the read; `what` completes "cannot read a record: ".
  [[noreturn]] static void malformed(const char* what);

private:
  [[noreturn]] void cut_short(std::uint64_t wanted) const;

  const std::byte* at_;
  const std::byte* end_;
  text_arena* unescaped_;
};

} // namespace weir
