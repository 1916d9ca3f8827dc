// A walk through all rows of a directory that never ends, a block at a time: what a table
// does in passing. A segment that splits meanwhile may be seen twice in a round, or its
// new half in the next one only.
#pragma once

#include <cstddef>
#include <span>

namespace weir {

template <class Directory>
class row_sweep {
  using segment = typename Directory::segment;
  using bucket = typename Directory::bucket;

public:
  /// The next block; empty after a number of entries that lead to segments seen before.
  std::span<bucket> next(Directory& rows) {
    for (std::size_t passed = 0; passed < passed_max; ++passed) {
      if (entry_ >= rows.entries())
        entry_ = 0;
      segment& at = *rows[entry_].rows;
      if (at.prefix == entry_) // of the entries of a segment the first
        return {&at.buckets[next_block() * segment::buckets_per_block],
                segment::buckets_per_block};
      ++entry_;
      block_ = 0;
    }
    return {};
  }

private:
  static constexpr std::size_t passed_max = 256;

  std::size_t next_block() noexcept {
    const std::size_t block = block_;
    if (++block_ == segment::blocks) {
      ++entry_;
      block_ = 0;
    }
    return block;
  }

  std::size_t entry_ = 0;
  std::size_t block_ = 0; // of the segment of that entry
};

} // namespace weir
