// What a matrix of faults has tried, in the one form that `./dev reliability` reads.
#pragma once

#include <iostream>
#include <string_view>

namespace weir::testing {

/// Once for a matrix, or for each part of it.
inline void print_figures(std::string_view matrix, std::string_view text) {
  std::cout << "figures of " << matrix << ": " << text << std::endl;
}

} // namespace weir::testing
