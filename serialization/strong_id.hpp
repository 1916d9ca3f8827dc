// Integers that identify something get a type each, so that two of them cannot be
// swapped.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace weir {

template <class Tag, class Integer = std::uint64_t>
struct strong_id {
  Integer value{};

  friend auto operator<=>(const strong_id&, const strong_id&) = default;
};

using checkpoint_id = strong_id<struct checkpoint_tag>;
using attempt_id = strong_id<struct attempt_tag, std::uint32_t>;
/// A task's place in the execution plan.
using task_id = strong_id<struct task_tag, std::uint32_t>;

} // namespace weir

template <class Tag, class Integer>
struct std::hash<weir::strong_id<Tag, Integer>> {
  std::size_t operator()(const weir::strong_id<Tag, Integer>& id) const noexcept {
    return std::hash<Integer>{}(id.value);
  }
};
