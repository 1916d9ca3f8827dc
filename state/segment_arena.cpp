#include "state/segment_arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace weir {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t chunk_bytes_wanted = std::size_t{1} << 20;

} // namespace

segment_arena::segment_arena(std::size_t block_bytes)
    : block_bytes_((block_bytes + cache_line - 1) / cache_line * cache_line),
      blocks_per_chunk_(std::max<std::size_t>(1, chunk_bytes_wanted / block_bytes_)) {}

segment_arena::~segment_arena() {
  for (void* chunk : chunks_)
    ::munmap(chunk, block_bytes_ * blocks_per_chunk_);
}

void* segment_arena::allocate() {
  if (unused_in_chunk_ == 0)
    grow();
  void* block = next_;
  next_ += block_bytes_;
  --unused_in_chunk_;
  return block;
}

void segment_arena::grow() {
  chunks_.reserve(chunks_.size() + 1);
  void* chunk = ::mmap(nullptr, block_bytes_ * blocks_per_chunk_, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (chunk == MAP_FAILED)
    throw std::bad_alloc();
  chunks_.push_back(chunk);
  next_ = static_cast<std::byte*>(chunk);
  unused_in_chunk_ = blocks_per_chunk_;
}

} // namespace weir
