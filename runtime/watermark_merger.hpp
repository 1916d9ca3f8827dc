// How far a task's input has come: as far as the channel that is farthest behind. Pure.
// A channel without timestamps, an idle one and an ended one hold nobody back; what was
// reached once is never taken back.
#pragma once

#include "operators/event_time.hpp"

#include <cstddef>
#include <vector>

namespace weir {

class watermark_merger {
public:
  /// `timed`: by channel, whether watermarks come along it.
  explicit watermark_merger(const std::vector<bool>& timed);

  void advance(std::size_t channel, watermark reached);
  void end(std::size_t channel);

  /// Idle: every channel that has not ended is.
  const watermark& merged() const noexcept { return merged_; }

private:
  struct progress {
    watermark reached;
    bool live;
  };

  void merge();

  std::vector<progress> channels_;
  bool any_timed_;
  watermark merged_;
};

} // namespace weir
