// Whether checkpoints take so long that a job hardly does anything else: pure.
#pragma once

#include "serialization/strong_id.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace weir {

class checkpoint_pace {
public:
  /// `interval`: between two that come due by themselves; none do if it is none.
  explicit checkpoint_pace(std::optional<std::chrono::milliseconds> interval)
      : interval_(interval) {}

  /// One has taken so long. What whoever runs the job should know of it: told once, and
  /// again if it has become better in between.
  std::optional<std::string> completed(checkpoint_id id, std::chrono::nanoseconds took);

private:
  std::optional<std::chrono::milliseconds> interval_;
  bool told_ = false;
};

} // namespace weir
