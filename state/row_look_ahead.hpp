// The rows of many records, one after the other, with the memory that they need requested
// some records ahead: each would be waited for otherwise.
#pragma once

#include "state/row_directory.hpp"

#include <array>

namespace weir {

namespace detail {

// How many records ahead a row's first bucket is requested, and the one behind it.
constexpr std::size_t look_far = 24;
constexpr std::size_t look_near = 8;
constexpr std::size_t look_nearer = 4; // what a row points to

template <class Bucket>
void fetch(const Bucket& wanted) noexcept {
  __builtin_prefetch(&wanted, 1);
  if constexpr (sizeof(Bucket) != cache_line)
    __builtin_prefetch(reinterpret_cast<const std::byte*>(&wanted + 1) - 1, 1);
}

template <class Bucket, class Key, class Hash>
void fetch_value(Bucket& first, const Key& key, Hash hash) noexcept {
  if (const auto row = first.find(key, hash); row != Bucket::rows)
    __builtin_prefetch(&first.values[row].get(), 1);
}

} // namespace detail

/// Calls `visit(i, key, first bucket of its row)` for records [from, end) of a batch of
/// `size`, until it returns false; returns the first record not visited. Looks beyond
/// `end`, too. `ValuesOnHeap`: rows point to their values.
template <bool ValuesOnHeap, class Key, class Value, class KeyAt, class HashAt,
          class Visit>
[[gnu::always_inline]] inline std::size_t
look_ahead(const row_directory<Key, Value>& rows, std::size_t from, std::size_t end,
           std::size_t size, KeyAt& key_at, HashAt& hash_at, Visit visit) {
  using bucket = typename row_directory<Key, Value>::bucket;
  // A split may move a row away from where its place was requested. Then it is not found
  // there, like any row outside its first bucket.
  std::array<bucket*, std::bit_ceil(detail::look_far + 1)> requested;
  const auto request = [&](std::size_t i) {
    bucket& first = rows.home(hash_at(i));
    detail::fetch(first);
    requested[i % requested.size()] = &first;
  };
  for (std::size_t i = from; i < std::min(size, from + detail::look_far); ++i)
    request(i);
  for (std::size_t i = from; i < end; ++i) {
    if (i + detail::look_far < size)
      request(i + detail::look_far);
    if (i + detail::look_near < size) {
      const bucket* arrived = requested[(i + detail::look_near) % requested.size()];
      detail::fetch(
          *(arrived + arrived->full())); // where the row is if not in a full one
    }
    if constexpr (ValuesOnHeap)
      if (const std::size_t next = i + detail::look_nearer; next < size)
        detail::fetch_value(*requested[next % requested.size()], key_at(next),
                            [&] { return hash_at(next); });
    const Key& key = key_at(i); // a reference into the record, or it lives here
    if (!visit(i, key, *requested[i % requested.size()]))
      return i + 1;
  }
  return end;
}

} // namespace weir
