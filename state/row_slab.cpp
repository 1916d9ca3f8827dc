#include "state/row_slab.hpp"

#include "serialization/check.hpp"

#include <algorithm>

namespace weir {

namespace {

// The first chunks are small, because most tasks of most jobs have few rows.
constexpr std::size_t first_bytes = std::size_t{64} << 10;
constexpr std::size_t first_chunks = 16;
constexpr std::size_t later_bytes = std::size_t{1} << 20;

} // namespace

row_slab::row_slab(std::size_t row_bytes, std::size_t alignment)
    : row_bytes_(std::max(row_bytes, sizeof(free_row))) {
  WEIR_CHECK(detail::cache_line % alignment == 0 && row_bytes_ % alignment == 0);
}

void row_slab::add_chunk() {
  const std::size_t bytes = chunks_.size() < first_chunks ? first_bytes : later_bytes;
  chunks_.emplace_back(std::max(bytes, row_bytes_));
  next_ = chunks_.back().begin();
  left_ = chunks_.back().bytes();
}

} // namespace weir
