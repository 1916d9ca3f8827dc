// Key groups: the unit in which keyed state is assigned to subtasks and moved between
// them. Frozen: changing this breaks existing checkpoints; golden values are in
// tests/state.
#pragma once

#include <cstdint>
#include <limits>

namespace weir {

using key_group = std::uint16_t;

/// At most 2^15 groups, so that a group fits two bytes and the arithmetic below 64 bits.
constexpr std::uint32_t max_parallelism_limit = 32768;

/// The group of a key, from the top 32 bits of its hash; the table uses the bits below.
constexpr key_group key_group_of(std::uint64_t hash,
                                 std::uint32_t max_parallelism) noexcept {
  return static_cast<key_group>(((hash >> 32) * max_parallelism) >> 32);
}

constexpr std::uint32_t subtask_of(key_group group, std::uint32_t parallelism,
                                   std::uint32_t max_parallelism) noexcept {
  return static_cast<std::uint32_t>(group) * parallelism / max_parallelism;
}

constexpr key_group last_key_group = std::numeric_limits<key_group>::max();

/// Groups first..last, both included.
struct key_group_range {
  key_group first = 0;
  key_group last = last_key_group;

  constexpr bool has(key_group group) const noexcept {
    return first <= group && group <= last;
  }

  friend bool operator==(const key_group_range&, const key_group_range&) = default;
};

constexpr key_group_range key_groups_of(std::uint32_t subtask, std::uint32_t parallelism,
                                        std::uint32_t max_parallelism) noexcept {
  return {
      static_cast<key_group>((subtask * max_parallelism + parallelism - 1) / parallelism),
      static_cast<key_group>(((subtask + 1) * max_parallelism - 1) / parallelism)};
}

/// What a job gets that does not choose: room to grow, and never below 128.
constexpr std::uint32_t default_max_parallelism(std::uint32_t parallelism) noexcept {
  std::uint32_t power = 1;
  while (power < parallelism + parallelism / 2)
    power <<= 1;
  const std::uint32_t at_least = power < 128 ? 128 : power;
  return at_least < max_parallelism_limit ? at_least : max_parallelism_limit;
}

} // namespace weir
