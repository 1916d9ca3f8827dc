#include "serialization/text_arena.hpp"

#include <algorithm>
#include <numeric>

namespace weir {

namespace {

constexpr std::size_t chunk_bytes_min = std::size_t{4} << 10;
constexpr std::size_t chunk_bytes_max = std::size_t{256} << 10;
/// A chunk that one huge text had to have is not kept.
constexpr std::size_t kept_bytes_max = std::size_t{1} << 20;

} // namespace

void text_arena::next_chunk(std::size_t bytes) {
  while (used_ < chunks_.size() && chunks_[used_].bytes < bytes)
    ++used_;
  if (used_ == chunks_.size()) {
    const std::size_t twice =
        chunks_.empty() ? chunk_bytes_min : chunks_.back().bytes * 2;
    const std::size_t size = std::max(bytes, std::min(twice, chunk_bytes_max));
    chunks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    detail::poison(chunks_.back().memory.get(), size);
  }
  next_ = chunks_[used_].memory.get();
  end_ = next_ + chunks_[used_].bytes;
  ++used_;
}

void text_arena::clear() noexcept {
  for (std::size_t i = 0; i < used_; ++i)
    detail::poison(chunks_[i].memory.get(), chunks_[i].bytes);
  std::erase_if(chunks_, [](const chunk& each) { return each.bytes > kept_bytes_max; });
  used_ = 0;
  next_ = end_ = nullptr;
}

std::size_t text_arena::capacity() const noexcept {
  return std::accumulate(
      chunks_.begin(), chunks_.end(), std::size_t{0},
      [](std::size_t sum, const chunk& each) { return sum + each.bytes; });
}

} // namespace weir
