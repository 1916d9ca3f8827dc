#include "runtime/watermark_merger.hpp"

#include <algorithm>

namespace weir {

watermark_merger::watermark_merger(const std::vector<bool>& timed)
    : any_timed_(std::ranges::find(timed, true) != timed.end()) {
  for (const bool with_watermarks : timed)
    channels_.push_back({{}, with_watermarks});
}

void watermark_merger::advance(std::size_t channel, watermark reached) {
  channels_.at(channel).reached = reached;
  merge();
}

void watermark_merger::end(std::size_t channel) {
  channels_.at(channel).live = false;
  merge();
}

void watermark_merger::merge() {
  if (!any_timed_)
    return;
  bool any_live = false;
  bool any_active = false;
  event_time least = event_time::max();
  for (const progress& each : channels_) {
    any_live = any_live || each.live;
    if (!each.live || each.reached.idle)
      continue;
    any_active = true;
    least = std::min(least, each.reached.time);
  }
  merged_.idle = any_live && !any_active;
  if (!merged_.idle)
    merged_.time = std::max(merged_.time, least);
}

} // namespace weir
