#include "state/segment_arena.hpp"

#include "state/page_supplier.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t small_chunk_bytes = std::size_t{256} << 10;

} // namespace

segment_arena::segment_arena(std::size_t block_bytes, page_supplier* pages)
    : block_bytes_((block_bytes + cache_line - 1) / cache_line * cache_line),
      // Large blocks would leave much of a large page unused.
      pages_(block_bytes_ <= memory_chunk::large_bytes / 8 ? pages : nullptr) {}

void* segment_arena::allocate() {
  if (chunks_.empty() || used_in_chunk_ + block_bytes_ > chunks_.back().bytes()) {
    chunks_.push_back(next_chunk());
    total_bytes_ += chunks_.back().bytes();
    used_in_chunk_ = 0;
  }
  std::byte* block = chunks_.back().begin() + used_in_chunk_;
  used_in_chunk_ += block_bytes_;
  touch_pages(block, block_bytes_);
  return block;
}

memory_chunk segment_arena::next_chunk() {
  if (pages_ != nullptr && total_bytes_ >= memory_chunk::large_bytes)
    if (auto large = pages_->take())
      return std::move(*large);
  return memory_chunk(std::max(small_chunk_bytes, block_bytes_));
}

} // namespace weir
