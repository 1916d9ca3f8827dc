// Memory for the long texts of many records that go at once: of a batch, of a record that
// is being read. Copies lie one behind the other in chunks; `clear` keeps the chunks, so
// that an arena in a loop soon allocates nothing. One owner, one thread at a time.
//
// What was cleared is poisoned under AddressSanitizer: a text that outlived its batch is
// reported where it is read.
#pragma once

#include "serialization/poison.hpp"
#include "serialization/text_value.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace weir {

class text_arena {
public:
  text_arena() = default;
  text_arena(text_arena&& other) noexcept { swap(other); }
  text_arena& operator=(text_arena&& other) noexcept {
    swap(other);
    return *this;
  }

  /// The same text, valid until `clear`.
  text copy(const text& from) {
    if (!from.is_long())
      return from;
    if (from.size() > static_cast<std::size_t>(end_ - next_)) [[unlikely]]
      next_chunk(from.size());
    char* const copied = std::exchange(next_, next_ + from.size());
    detail::unpoison(copied, from.size());
    std::memcpy(copied, from.data(), from.size());
    return from.moved_to(copied);
  }
  text copy(std::string_view chars) { return copy(text(chars)); }

  void clear() noexcept;
  /// Of all chunks.
  std::size_t capacity() const noexcept;

private:
  struct chunk {
    std::unique_ptr<char[]> memory;
    std::size_t bytes;
  };

  void swap(text_arena& other) noexcept {
    std::swap(chunks_, other.chunks_);
    std::swap(used_, other.used_);
    std::swap(next_, other.next_);
    std::swap(end_, other.end_);
  }

  /// Makes room for one text.
  [[gnu::noinline]] void next_chunk(std::size_t bytes);

  std::vector<chunk> chunks_;
  std::size_t used_ = 0; // chunks that have texts, or were passed by
  char* next_ = nullptr; // the free part of the last one of these
  char* end_ = nullptr;
};

} // namespace weir
