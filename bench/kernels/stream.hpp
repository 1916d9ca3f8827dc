// The stream every question counts, and the hash its records are spread by. The generator
// is the engine's and counter-based: record i is a pure function of (seed, i), so engine
// and kernel consume the same stream however they divide it between their sources.
#pragma once

#include "operators/random.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::bench {

struct record {
  std::uint64_t key;
  std::int64_t value;
};

/// Record `index` of the stream: a key below `keys` from the high bits, 32 random bits as
/// the value.
constexpr record draw(std::uint64_t seed, std::uint64_t index, std::uint64_t keys) {
  __extension__ using wide = unsigned __int128;
  const std::uint64_t bits = random_stream(seed, index).next();
  const auto key = static_cast<std::uint64_t>((static_cast<wide>(bits) * keys) >> 64);
  return {key, static_cast<std::int64_t>(bits & 0xFFFF'FFFFull)};
}

constexpr std::uint64_t hash_of(std::uint64_t key) {
  key ^= key >> 32;
  key *= 0x9E3779B97F4A7C15ull;
  return key ^ (key >> 29);
}

constexpr std::uint64_t key_groups = 128;

constexpr std::uint64_t key_group_of(std::uint64_t hash) {
  return (hash >> 48) % key_groups;
}

/// The task that owns the key group of `hash`, out of `tasks`.
constexpr std::size_t task_of(std::uint64_t hash, std::size_t tasks) {
  return static_cast<std::size_t>(key_group_of(hash) * tasks / key_groups);
}

/// The part [begin, end) of `records` that source `source` out of `sources` draws.
struct index_range {
  std::uint64_t begin;
  std::uint64_t end;
};
constexpr index_range part_of(std::uint64_t records, std::size_t source,
                              std::size_t sources) {
  return {records * source / sources, records * (source + 1) / sources};
}

} // namespace weir::bench
