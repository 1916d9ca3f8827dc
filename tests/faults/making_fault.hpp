// A deliberate fault for as long as a test lasts.
#pragma once

#include "serialization/deliberate_fault.hpp"

namespace weir::testing {

class making_fault {
public:
  explicit making_fault(std::string_view name) { make_fault(name); }
  ~making_fault() { make_fault({}); }
  making_fault(const making_fault&) = delete;
  making_fault& operator=(const making_fault&) = delete;
};

} // namespace weir::testing
