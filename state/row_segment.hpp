// A segment of a row table: as many buckets as fit 32 KB. The low bits of a key's hash
// choose a row's first bucket, and what does not fit there goes to the ones behind it.
// All zero is an empty segment.
#pragma once

#include "state/row_bucket.hpp"

#include <algorithm>

namespace weir {

template <class Key, class Value>
struct row_segment {
  using bucket = row_bucket<Key, Value>;
  static_assert(std::is_trivially_copyable_v<bucket>);

  static constexpr std::size_t bytes = std::size_t{32} << 10;
  static constexpr std::size_t blocks = 64; // what a table marks as a whole
  static constexpr std::size_t bucket_count =
      std::max(blocks, std::bit_floor(bytes / sizeof(bucket)));
  static constexpr std::size_t buckets_per_block = bucket_count / blocks;
  static constexpr unsigned bucket_bits = std::countr_zero(bucket_count);

  /// Full buckets cost their neighbours a second line; single rows collide more.
  static constexpr std::size_t rows_max =
      bucket_count * bucket::rows * (bucket::rows > 1 ? 60 : 75) / 100;

  /// Where a row is, or the empty place where it would go.
  struct place {
    bucket* in;
    std::uint32_t row;

    bool empty() const noexcept { return !in->has(row); }
  };

  alignas(detail::cache_line) std::array<bucket, bucket_count> buckets;
  std::uint32_t used;
  std::uint32_t depth;  // so many bits lead to this segment from the directory,
  std::uint32_t prefix; // and they are these
  std::uint32_t window; // the last one that has looked for a row here

  bool full() const noexcept { return used == rows_max; }
  bucket& first_bucket(std::uint64_t hash) noexcept { return buckets[index_of(hash)]; }

  std::size_t block_of(place at) const noexcept {
    return static_cast<std::size_t>(at.in - buckets.data()) / buckets_per_block;
  }

  /// Requires: not all buckets are full.
  place probe(const Key& key, std::uint64_t hash) {
    for (std::size_t i = index_of(hash);; i = (i + 1) & (bucket_count - 1)) {
      bucket& candidate = buckets[i];
      if (const auto row = candidate.find(key, [hash] { return hash; });
          row != bucket::rows)
        return {&candidate, row};
      if (!candidate.full())
        return {&candidate, candidate.first_empty()};
    }
  }

  /// The first row of this hash that is `wanted`; an empty place if there is none.
  /// Requires: not all buckets are full.
  template <class Wanted>
  place find_where(std::uint64_t hash, Wanted wanted) {
    for (std::size_t i = index_of(hash);; i = (i + 1) & (bucket_count - 1)) {
      bucket& candidate = buckets[i];
      for (std::uint32_t row = 0; candidate.has(row); ++row)
        if (candidate.keys[row].hash_of_key() == hash && wanted(place{&candidate, row}))
          return {&candidate, row};
      if (!candidate.full())
        return {&candidate, candidate.first_empty()};
    }
  }

  /// For a key that is not there. Requires: not all buckets are full.
  place empty_place(std::uint64_t hash) noexcept {
    std::size_t i = index_of(hash);
    while (buckets[i].full())
      i = (i + 1) & (bucket_count - 1);
    return {&buckets[i], buckets[i].first_empty()};
  }

  /// Behind `gap`, which has room now: the first row that passed it for want of room.
  /// Nowhere if there is none.
  place first_beyond(const bucket& gap) noexcept {
    const auto at = static_cast<std::size_t>(&gap - buckets.data());
    for (std::size_t steps = 1;; ++steps) {
      bucket& candidate = buckets[(at + steps) & (bucket_count - 1)];
      for (std::uint32_t row = 0; candidate.has(row); ++row)
        if (((at + steps - index_of(candidate.keys[row].hash_of_key())) &
             (bucket_count - 1)) >= steps)
          return {&candidate, row};
      if (!candidate.full())
        return {nullptr, 0};
    }
  }

private:
  static std::size_t index_of(std::uint64_t hash) noexcept {
    return hash & (bucket_count - 1);
  }
};

} // namespace weir
