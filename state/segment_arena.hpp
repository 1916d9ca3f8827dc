// Zeroed memory blocks of one size for the segments of a row table. A small table stands
// on small pages; what grows beyond a large page gets further ones where the supplier has
// them ready, and small pages where not. Blocks of a large table that stand on small
// pages move when large ones have come. One owner, one thread.
#pragma once

#include "state/memory_chunk.hpp"

#include <deque>
#include <vector>

namespace weir {

class page_supplier;

class segment_arena {
public:
  /// Without a supplier all pages are small.
  explicit segment_arena(std::size_t block_bytes, page_supplier* pages = nullptr);

  /// A block of zero bytes, aligned to a cache line, with its pages in place.
  void* allocate();

  /// Calls `move(from, to)` for a block on small pages and a zeroed one on a large page;
  /// `from` is gone afterwards. False when there is none to move, or nowhere to move it.
  template <class Move>
  bool relocate_one(Move move) {
    std::byte* to = small_.empty() ? nullptr : large_block();
    if (to == nullptr)
      return false;
    move(small_.front().memory.begin() + small_.front().moved, to);
    small_block_moved();
    return true;
  }

  /// Of all blocks.
  std::size_t bytes() const noexcept { return blocks_ * block_bytes_; }

private:
  struct small_chunk {
    memory_chunk memory;
    std::size_t used = 0;
    std::size_t moved = 0; // so much of it has moved away
  };

  std::byte* large_block();
  std::byte* small_block();
  void small_block_moved();

  std::size_t block_bytes_;
  std::size_t blocks_ = 0;
  page_supplier* pages_;
  std::deque<small_chunk> small_; // blocks are added to the last one, move from the first
  std::vector<memory_chunk> large_; // the last one is being used up
  std::size_t used_in_large_ = memory_chunk::large_bytes;
};

} // namespace weir
