#include "serialization/deliberate_fault.hpp"

#ifdef WEIR_FAULTS

#include "serialization/error.hpp"

#include <atomic>
#include <cstdlib>

namespace weir {

namespace {

constexpr std::size_t none = std::size(deliberate_faults);

std::size_t place_of_fault(std::string_view name) {
  const std::size_t place = place_in(deliberate_faults, name);
  if (place == none && !name.empty())
    throw error(failure::usage,
                std::string("there is no deliberate fault '").append(name).append("'"));
  return place;
}

std::atomic<std::size_t>& made() {
  const char* const given = std::getenv("WEIR_FAULT");
  static std::atomic<std::size_t> place{place_of_fault(given == nullptr ? "" : given)};
  return place;
}

} // namespace

bool fault(deliberate_fault_name which) {
  return made().load(std::memory_order_relaxed) == which.place();
}

void make_fault(std::string_view name) {
  made() = place_of_fault(name);
}

} // namespace weir

#endif
