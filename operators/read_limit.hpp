// How fast a source may read, whatever it reads: for history that is to be played back at
// the pace of a day, or a system behind weir that must not be run over. Pure.
#pragma once

#include "operators/task.hpp"

#include <algorithm>
#include <optional>

namespace weir {

class read_limit {
public:
  /// 0: as fast as the stream takes them.
  explicit read_limit(std::uint64_t rows_per_second) noexcept
      : rows_per_second_(static_cast<double>(rows_per_second)) {}

  /// How many of `wanted` rows may be read at `now`.
  std::size_t allowed(std::size_t wanted, steady_time now) {
    if (rows_per_second_ == 0)
      return wanted;
    next_ = next_ ? std::max(*next_, now - burst) : now;
    if (now < *next_)
      return 0;
    const std::chrono::duration<double> since = now - *next_;
    const auto due = static_cast<std::size_t>(since.count() * rows_per_second_) + 1;
    return std::min(due, wanted);
  }

  /// Requires: as many were allowed.
  void took(std::uint64_t rows) {
    if (rows_per_second_ == 0)
      return;
    const std::chrono::duration<double> taken(static_cast<double>(rows) /
                                              rows_per_second_);
    *next_ += std::chrono::round<steady_time::duration>(taken);
  }

  /// When the next row may be read. Requires: allowed() was 0.
  steady_time next() const { return *next_; }

private:
  /// What may be caught up after a time without reading.
  static constexpr auto burst = std::chrono::milliseconds(100);

  double rows_per_second_;
  std::optional<steady_time> next_; // none before the first row
};

} // namespace weir
