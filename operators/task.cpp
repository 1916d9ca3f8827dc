#include "operators/task.hpp"

namespace weir {

poll_result task::poll(slice_budget&, steady_time) {
  WEIR_CHECK(!"this chain begins with a source");
  return {};
}

std::size_t task::process(std::uint32_t, const batch_base&, std::size_t, slice_budget&) {
  WEIR_CHECK(!"this chain has an input");
  return 0;
}

void task::look_for(std::uint32_t, const batch_base&, encoded_rows&) {}

std::optional<watermark> task::own_watermark(steady_time) {
  return std::nullopt;
}

void task::advance(event_time) {}

void task::tell_time(processing_time) {}

bool task::fire_timers(slice_budget&) {
  return false;
}

std::optional<processing_time> task::next_deadline() const {
  return std::nullopt;
}

void task::resume_time(event_time) {}

} // namespace weir
