#include "serialization/type_description.hpp"

#include <fmt/format.h>

namespace weir::detail {

std::string unit_name(std::intmax_t numerator, std::intmax_t denominator) {
  struct unit {
    std::intmax_t numerator, denominator;
    const char* name;
  };
  constexpr unit units[] = {
      {1, 1'000'000'000, "ns"}, {1, 1'000'000, "us"}, {1, 1'000, "ms"}, {1, 1, "s"},
      {60, 1, "min"},           {3'600, 1, "h"},      {86'400, 1, "d"}};
  for (const unit& known : units)
    if (known.numerator == numerator && known.denominator == denominator)
      return known.name;
  return fmt::format("{}/{}", numerator, denominator);
}

} // namespace weir::detail
