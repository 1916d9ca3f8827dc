// Zeroed memory blocks of one size for the segments of a row table, cut from mapped
// chunks that the kernel fills page by page. (Huge pages were tried: 10 % faster at 5 M
// rows, but a single page fault then takes up to 6 ms, and a pause is worse than a TLB
// miss.) One owner, one thread.
#pragma once

#include <cstddef>
#include <vector>

namespace weir {

class segment_arena {
public:
  explicit segment_arena(std::size_t block_bytes);
  ~segment_arena();
  segment_arena(const segment_arena&) = delete;
  segment_arena& operator=(const segment_arena&) = delete;

  /// A block of zero bytes, aligned to a cache line.
  void* allocate();

private:
  void grow();

  std::size_t block_bytes_;
  std::size_t blocks_per_chunk_;
  std::size_t unused_in_chunk_ = 0;
  std::byte* next_ = nullptr;
  std::vector<void*> chunks_;
};

} // namespace weir
