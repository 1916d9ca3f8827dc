// What a row weighs, on average: learnt from the rows that were encoded or decoded
// lately.
#pragma once

#include <cstddef>

namespace weir {

class row_weight {
public:
  void note(std::size_t bytes) noexcept {
    bytes_ += bytes;
    if (++rows_ == rows_max) {
      bytes_ /= 2;
      rows_ /= 2;
    }
  }
  std::size_t average() const noexcept { return bytes_ / rows_; }

private:
  static constexpr std::size_t rows_max = std::size_t{1} << 16;

  std::size_t rows_ = 1; // a guess to begin with
  std::size_t bytes_ = 64;
};

} // namespace weir
