// Zeroed memory blocks of one size for the segments of a row table. A small table stands
// on small pages; what grows beyond a large page gets further ones where the supplier has
// them ready. One owner, one thread.
#pragma once

#include "state/memory_chunk.hpp"

#include <vector>

namespace weir {

class page_supplier;

class segment_arena {
public:
  /// Without a supplier all pages are small.
  explicit segment_arena(std::size_t block_bytes, page_supplier* pages = nullptr);

  /// A block of zero bytes, aligned to a cache line, with its pages in place.
  void* allocate();

private:
  memory_chunk next_chunk();

  std::size_t block_bytes_;
  page_supplier* pages_;
  std::vector<memory_chunk> chunks_; // the last one is being used up
  std::size_t used_in_chunk_ = 0;
  std::size_t total_bytes_ = 0;
};

} // namespace weir
