#include "state/state_binder.hpp"

#include "serialization/error.hpp"

namespace weir {

void state_binder::refuse_without_key(const std::string& name) {
  throw error(failure::usage,
              "state '" + name +
                  "' is kept for each key, and no stream of its function is keyed: "
                  ".key_by(...) one, or bind a task_list");
}

} // namespace weir
