#include "runtime/checkpoint_failures.hpp"

#include <fmt/format.h>

namespace weir {

checkpoint_failures::verdict checkpoint_failures::failed(checkpoint_id id,
                                                         checkpoint_failure reason) {
  if (!counts(reason) || id <= succeeded_ || !counted_.insert(id).second)
    return verdict::ignored;
  if (++in_a_row_ <= tolerable_)
    return verdict::tolerated;
  in_a_row_ = 0;
  return verdict::exceeded;
}

void checkpoint_failures::succeeded(checkpoint_id id) {
  if (id <= succeeded_)
    return;
  succeeded_ = id;
  in_a_row_ = 0;
  counted_.erase(counted_.begin(), counted_.upper_bound(id));
}

std::string too_many_failures(checkpoint_id last, std::uint32_t tolerable,
                              const std::string& reason) {
  return fmt::format(
      "checkpoint {} failed: {}; execution.checkpointing.tolerable-failed-checkpoints "
      "({}) allows no more failures in a row",
      last.value, reason, tolerable);
}

} // namespace weir
