// Memory for rows of one size: taken from the system in chunks, handed out again when a
// row has gone. One owner, one thread.
#pragma once

#include "state/memory_chunk.hpp"

#include <vector>

namespace weir {

class row_slab {
public:
  /// `alignment` divides a cache line.
  row_slab(std::size_t row_bytes, std::size_t alignment);

  std::byte* allocate() {
    if (free_ != nullptr)
      return reinterpret_cast<std::byte*>(std::exchange(free_, free_->next));
    if (left_ < row_bytes_) [[unlikely]]
      add_chunk();
    left_ -= row_bytes_;
    return std::exchange(next_, next_ + row_bytes_);
  }
  void release(std::byte* gone) noexcept {
    auto* const row = reinterpret_cast<free_row*>(gone);
    row->next = std::exchange(free_, row);
  }

private:
  struct free_row {
    free_row* next;
  };

  void add_chunk();

  std::size_t row_bytes_;
  free_row* free_ = nullptr;
  std::byte* next_ = nullptr; // in the last chunk
  std::size_t left_ = 0;
  std::vector<memory_chunk> chunks_;
};

} // namespace weir
