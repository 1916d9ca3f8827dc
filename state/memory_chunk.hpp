// A piece of zeroed memory straight from the system, given back when it goes.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

namespace weir {

namespace detail {
constexpr std::size_t cache_line = 64;
}

class memory_chunk {
public:
  static constexpr std::size_t large_bytes = std::size_t{2} << 20;

  /// On ordinary pages, none of them there yet.
  explicit memory_chunk(std::size_t bytes);
  /// `large_bytes`, on one large page where the system gives it, and already there.
  /// Nothing when memory is short.
  static std::optional<memory_chunk> large() noexcept;

  memory_chunk(memory_chunk&& other) noexcept
      : begin_(std::exchange(other.begin_, nullptr)), bytes_(other.bytes_) {}
  memory_chunk& operator=(memory_chunk&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~memory_chunk();

  std::byte* begin() const noexcept { return begin_; }
  std::size_t bytes() const noexcept { return bytes_; }

private:
  memory_chunk(std::byte* begin, std::size_t bytes) : begin_(begin), bytes_(bytes) {}

  std::byte* begin_;
  std::size_t bytes_;
};

/// Has the system put pages there now. The first access has to be a write: a read would
/// map the shared page of zeros, and the write after it would fault again and interrupt
/// every other core (measured: it doubled the price of growing).
void touch_pages(std::byte* begin, std::size_t bytes) noexcept;

} // namespace weir
