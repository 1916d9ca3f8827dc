// Randomness by position: the stream of numbers for record `index` is a pure function of
// the seed and the index, so a source that resumes at an index draws what it would have
// drawn.
#pragma once

#include <cstdint>

namespace weir {

class random_stream {
public:
  constexpr random_stream(std::uint64_t seed, std::uint64_t index) noexcept
      : state_(seed + index * step) {}

  /// 64 random bits.
  constexpr std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += step);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  /// A number in [0, bound); Requires: bound > 0.
  constexpr std::uint64_t below(std::uint64_t bound) noexcept {
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<wide>(next()) * bound) >> 64);
  }

  /// A number in [0, 1).
  constexpr double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
  static constexpr std::uint64_t step = 0x9E3779B97F4A7C15;
  std::uint64_t state_;
};

} // namespace weir
