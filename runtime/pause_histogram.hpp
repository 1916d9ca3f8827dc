// How long something took, as counts in buckets of at most 1/8 relative width: cheap
// enough to be always on. One writer.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace weir {

class pause_histogram {
public:
  void record(std::chrono::nanoseconds pause) noexcept {
    const auto ns = static_cast<std::uint64_t>(pause.count() < 0 ? 0 : pause.count());
    ++counts_[bucket_of(ns)];
    ++total_;
    max_ns_ = ns > max_ns_ ? ns : max_ns_;
  }

  void merge(const pause_histogram& other) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i)
      counts_[i] += other.counts_[i];
    total_ += other.total_;
    max_ns_ = other.max_ns_ > max_ns_ ? other.max_ns_ : max_ns_;
  }

  std::uint64_t count() const noexcept { return total_; }
  std::chrono::nanoseconds max() const noexcept { return as_duration(max_ns_); }

  /// The smallest bucket bound that at least `share` of the pauses do not exceed.
  std::chrono::nanoseconds quantile(double share) const noexcept {
    const auto wanted =
        static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > 0 && seen >= wanted)
        return as_duration(bound_of(i) < max_ns_ ? bound_of(i) : max_ns_);
    }
    return max();
  }

private:
  static constexpr std::uint64_t steps = 8; // per power of two

  static std::chrono::nanoseconds as_duration(std::uint64_t ns) noexcept {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(ns));
  }
  static std::size_t bucket_of(std::uint64_t ns) noexcept {
    if (ns < steps)
      return static_cast<std::size_t>(ns);
    const auto power = static_cast<unsigned>(std::bit_width(ns)) - 4; // 2^3 == steps
    return static_cast<std::size_t>((power + 1) * steps + ((ns >> power) - steps));
  }
  static std::uint64_t bound_of(std::size_t bucket) noexcept {
    if (bucket < steps)
      return bucket;
    const auto power = bucket / steps - 1;
    return ((steps + bucket % steps + 1) << power) - 1;
  }

  std::array<std::uint64_t, 62 * steps> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t max_ns_ = 0;
};

} // namespace weir
