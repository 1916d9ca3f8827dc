#include "state/state_row.hpp"

#include "serialization/error.hpp"

namespace weir {

void current_row::throw_no_key() {
  throw error(failure::job_failed,
              "a state of a key was written while no key was being processed; write it "
              "where records of the keyed stream come, or in on_timer");
}

} // namespace weir
