// weir::text: text as a field of records that are moved without an allocation. 16 bytes:
// up to 12 characters stand inside, of longer ones the first four and a pointer. What it
// points to belongs to somebody else:
//   in a record that a step or a sink gets   valid until that call returns
//   in a record that a step emits            must be valid until `emit` returns
//   in the state of a key                    a copy, which belongs to the state
// An exchange copies it into the batch, a fold into the state. To keep it elsewhere, make
// it a std::string. Encoded, hashed and printed it is what a std::string is.
#pragma once

#include "serialization/check.hpp"

#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace weir {

class text {
public:
  static constexpr std::size_t inside_max = 12;

  constexpr text() noexcept = default;
  /// Points to `chars` unless they fit inside.
  explicit text(std::string_view chars) : head_(chars.size()) {
    WEIR_CHECK(chars.size() <= std::numeric_limits<std::uint32_t>::max());
    if (chars.size() > inside_max) {
      head_ |= load<std::uint32_t>(chars.data()) << 32;
      rest_ = reinterpret_cast<std::uintptr_t>(chars.data());
    } else {
      store_inside(chars.data(), chars.size());
    }
  }
  /// A string that dies before the text could be used.
  template <std::same_as<std::string> String>
  explicit text(String&&) = delete;

  std::size_t size() const noexcept { return static_cast<std::uint32_t>(head_); }
  bool empty() const noexcept { return size() == 0; }
  /// Whether the characters stand elsewhere.
  bool is_long() const noexcept { return size() > inside_max; }

  /// The same text, whose characters stand at `where`, too. Requires: it is long.
  text moved_to(const char* where) const noexcept {
    text moved = *this;
    moved.rest_ = reinterpret_cast<std::uintptr_t>(where);
    return moved;
  }

  // Of a text that stays: the characters may be inside it.
  const char* data() const& noexcept {
    return is_long() ? reinterpret_cast<const char*>(rest_)
                     : reinterpret_cast<const char*>(this) + sizeof(std::uint32_t);
  }
  std::string_view view() const& noexcept { return {data(), size()}; }
  operator std::string_view() const& noexcept { return view(); }
  const char* data() const&& = delete;
  std::string_view view() const&& = delete;
  operator std::string_view() const&& = delete;

  friend bool operator==(const text& a, const text& b) noexcept {
    if (a.head_ != b.head_)
      return false;
    return a.rest_ == b.rest_ ||
           (a.is_long() &&
            std::memcmp(a.data() + prefix, b.data() + prefix, a.size() - prefix) == 0);
  }
  /// By their bytes, as unsigned numbers.
  friend std::strong_ordering operator<=>(const text& a, const text& b) noexcept {
    const auto first = [](const text& t) {
      return __builtin_bswap32(static_cast<std::uint32_t>(t.head_ >> 32));
    };
    if (first(a) != first(b))
      return first(a) <=> first(b);
    return a.view() <=> b.view();
  }
  friend bool operator==(const text& a, std::string_view b) noexcept {
    return a.view() == b;
  }
  friend std::strong_ordering operator<=>(const text& a, std::string_view b) noexcept {
    return a.view() <=> b;
  }

private:
  static_assert(std::endian::native == std::endian::little);
  static constexpr std::size_t prefix = 4; // so many characters stand beside the length

  template <class Word>
  static std::uint64_t load(const char* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }

  /// Reads up to 12 characters as two words that overlap: without a call, and never
  /// beyond them.
  void store_inside(const char* from, std::size_t size) noexcept {
    if (size >= 8) {
      head_ |= load<std::uint32_t>(from) << 32;
      rest_ = load<std::uint64_t>(from + size - 8) >> (8 * (inside_max - size));
    } else if (size >= prefix) {
      head_ |= load<std::uint32_t>(from) << 32;
      rest_ = load<std::uint32_t>(from + size - prefix) >> (8 * (8 - size));
    } else if (size > 0) {
      head_ |= load<std::uint8_t>(from) << 32;
      head_ |= load<std::uint8_t>(from + size / 2) << (32 + size / 2 * 8);
      head_ |= load<std::uint8_t>(from + size - 1) << (24 + size * 8);
    }
  }

  std::uint64_t head_ = 0; // the length, then the first four characters or zeros
  std::uint64_t rest_ = 0; // the other characters or zeros; of a long text where it is
};

static_assert(sizeof(text) == 16);

namespace detail {

// What both kinds of text take from characters that were read: one a copy, the other
// where they are.
inline void take_chars(std::string& to, std::string_view chars) {
  to.assign(chars);
}
inline void take_chars(text& to, std::string_view chars) {
  to = text(chars);
}

} // namespace detail

} // namespace weir
