#include "state/segment_arena.hpp"

#include "state/page_supplier.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace weir {

namespace {

using detail::cache_line;
constexpr std::size_t small_chunk_bytes = std::size_t{256} << 10;

} // namespace

segment_arena::segment_arena(std::size_t block_bytes, page_supplier* pages)
    : block_bytes_((block_bytes + cache_line - 1) / cache_line * cache_line),
      // Large blocks would leave much of a large page unused.
      pages_(block_bytes_ <= memory_chunk::large_bytes / 8 ? pages : nullptr) {}

void* segment_arena::allocate() {
  std::byte* block = large_block();
  if (block == nullptr)
    block = small_block();
  touch_pages(block, block_bytes_);
  ++blocks_;
  return block;
}

/// Null when there is none.
std::byte* segment_arena::large_block() {
  if (used_in_large_ + block_bytes_ > memory_chunk::large_bytes) {
    const bool large_table =
        !large_.empty() || small_.size() * small_chunk_bytes >= memory_chunk::large_bytes;
    auto fresh = large_table && pages_ != nullptr ? pages_->take() : std::nullopt;
    if (!fresh)
      return nullptr;
    large_.push_back(std::move(*fresh));
    used_in_large_ = 0;
  }
  return large_.back().begin() +
         std::exchange(used_in_large_, used_in_large_ + block_bytes_);
}

std::byte* segment_arena::small_block() {
  if (small_.empty() || small_.back().used + block_bytes_ > small_.back().memory.bytes())
    small_.push_back({memory_chunk(std::max(small_chunk_bytes, block_bytes_))});
  small_chunk& chunk = small_.back();
  return chunk.memory.begin() + std::exchange(chunk.used, chunk.used + block_bytes_);
}

void segment_arena::small_block_moved() {
  small_chunk& chunk = small_.front();
  chunk.moved += block_bytes_;
  if (chunk.moved == chunk.used)
    small_.pop_front();
}

} // namespace weir
