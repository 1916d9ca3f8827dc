// Whether a failed attempt is followed by another, and after what pause: pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace weir {

/// `none` is zero attempts; otherwise Flink's fixed-delay.
class restart_policy {
public:
  restart_policy(std::uint32_t attempts, std::chrono::milliseconds delay)
      : attempts_(attempts), delay_(delay) {}

  /// The pause before the next attempt; none when the job has to fail.
  std::optional<std::chrono::milliseconds> failed() noexcept {
    if (used_ == attempts_)
      return std::nullopt;
    ++used_;
    return delay_;
  }

private:
  std::uint32_t attempts_;
  std::chrono::milliseconds delay_;
  std::uint32_t used_ = 0;
};

} // namespace weir
