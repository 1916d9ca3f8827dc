// Two checkpoints' entries of one state, merged by their places.
#pragma once

#include "state/full/row_file.hpp"
#include "state/inspect/state_entries.hpp"

#include <concepts>

namespace weir {

/// Calls `visit(before, after)` where they differ; null: there is none of that place. A
/// null list has no entries. `same(before, after)` compares two of one place. Ends when
/// `visit` returns false.
template <std::invocable<const state_entries&, const state_entries&> Same,
          std::predicate<const state_entries*, const state_entries*> Visit>
void compare_entries(state_entries* before, state_entries* after, Same same,
                     Visit visit) {
  const auto there = [](const state_entries* entries) {
    return entries != nullptr && entries->valid();
  };
  while (there(before) || there(after)) {
    const auto order = !there(before)  ? std::strong_ordering::greater
                       : !there(after) ? std::strong_ordering::less
                                       : compare_keys(before->place(), after->place());
    const bool differ = order != 0 || !same(*before, *after);
    if (differ && !visit(order > 0 ? nullptr : before, order < 0 ? nullptr : after))
      return;
    if (order <= 0)
      before->next();
    if (order >= 0)
      after->next();
  }
}

} // namespace weir
