// Ranks with the frequencies of Zipf's law, by rejection inversion (Hoermann and
// Derflinger, 1996): constant time for any number of ranks, and no table.
#pragma once

#include "operators/random.hpp"

#include <cmath>
#include <cstdint>

namespace weir::bench {

class zipf_ranks {
public:
  /// Rank k of 1 to `ranks` is as frequent as k to the power of -`exponent`, which is
  /// not 1.
  zipf_ranks(std::uint64_t ranks, double exponent)
      : exponent_(exponent), last_(integral(static_cast<double>(ranks) + 0.5)),
        first_(integral(1.5) - 1), shift_(2 - inverse(integral(2.5) - frequency(2))),
        ranks_(static_cast<double>(ranks)) {}

  /// From 0 on, the most frequent one.
  std::uint64_t draw(random_stream& random) const {
    while (true) {
      const double uniform = static_cast<double>(random.next() >> 11) * 0x1p-53;
      const double at = last_ + uniform * (first_ - last_);
      const double x = inverse(at);
      const double rank = std::min(std::max(std::floor(x + 0.5), 1.0), ranks_);
      if (rank - x <= shift_ || at >= integral(rank + 0.5) - frequency(rank))
        return static_cast<std::uint64_t>(rank) - 1;
    }
  }

private:
  double frequency(double x) const { return std::exp(-exponent_ * std::log(x)); }
  double integral(double x) const {
    return std::expm1((1 - exponent_) * std::log(x)) / (1 - exponent_);
  }
  double inverse(double y) const {
    return std::exp(std::log1p(y * (1 - exponent_)) / (1 - exponent_));
  }

  double exponent_;
  double last_;
  double first_;
  double shift_;
  double ranks_;
};

} // namespace weir::bench
