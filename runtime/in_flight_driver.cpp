#include "runtime/in_flight_driver.hpp"

#include "serialization/crash_point.hpp"
#include "serialization/deliberate_fault.hpp"

namespace weir {

bool in_flight_driver::begin(const barrier& at, steady_time now) {
  collected_ = data_in_flight{id_, at.id};
  if (outbox_.waiting_barrier() && now >= at.overtakes_at)
    outbox_.overtake(collected_->output);
  if (gate_.log().of() && *gate_.log().of() != at.id)
    gate_.log().drop(); // of an older one: the coordinator has given that up
  const bool follows =
      gate_.log().of() || outbox_.waiting_barrier() || !collected_->output.empty();
  if (!follows)
    collected_.reset();
  return follows;
}

void in_flight_driver::go_on(steady_time now) {
  if (!collected_)
    return;
  if (const auto& waits = outbox_.waiting_barrier(); waits && now >= waits->overtakes_at)
    outbox_.overtake(collected_->output);
  const bool logging = gate_.log().of() == collected_->checkpoint;
  if (outbox_.waiting_barrier() || (logging && !gate_.log().complete()))
    return;
  if (logging)
    collected_->input = gate_.log().take();
  if (fault("in-flight.batch-forgotten") && !collected_->input.empty())
    collected_->input.pop_back();
  crash_point("in-flight.collected");
  port_.upload_in_flight(*std::exchange(collected_, {}));
}

void in_flight_driver::abandon(checkpoint_id id) {
  if (outbox_.waiting_barrier() && outbox_.waiting_barrier()->id == id)
    outbox_.forget_barrier();
  if (collected_ && collected_->checkpoint == id)
    collected_.reset();
}

} // namespace weir
