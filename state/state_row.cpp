#include "state/state_row.hpp"

#include "serialization/error.hpp"

namespace weir {

void current_row::throw_no_key() {
  throw error(
      failure::job_failed,
      "a state was written while no record and no timer was being processed; write "
      "it in process or on_timer");
}

} // namespace weir
