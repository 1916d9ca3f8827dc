#include "state/state_binder.hpp"

#include "serialization/error.hpp"

#include <fmt/format.h>

namespace weir {

void state_binder::refuse_without_key(const std::string& name) {
  throw error(
      failure::usage,
      fmt::format("state '{}' is kept for each key, and no stream of its function "
                  "is keyed: .key_by(...) one, or bind a task_list",
                  name));
}

void state_binder::check(const std::string& name, const expiry& stays) {
  if (stays.after <= processing_clock::duration::zero())
    throw error(failure::usage,
                fmt::format("state '{}' expires after {} us, so it would never be there; "
                            "give it a duration of more than zero",
                            name, stays.after.count()));
}

} // namespace weir
