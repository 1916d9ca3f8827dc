#include "state/keyed/timer.hpp"

#include "serialization/error.hpp"

namespace weir {

void fired_timer::throw_other_time(time_kind kind) {
  throw error(failure::job_failed,
              kind == time_kind::processing
                  ? "a deadline in processing time was asked for one in event time; call "
                    "processing_deadline(), and tell deadlines apart by is_of"
                  : "a deadline in event time was asked for one in processing time; call "
                    "deadline(), and tell deadlines apart by is_of");
}

} // namespace weir
