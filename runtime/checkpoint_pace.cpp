#include "runtime/checkpoint_pace.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

/// Who asks for several a second knows what they cost.
constexpr std::chrono::seconds shortest_judged{1};
constexpr double share_told = 0.8;
constexpr double share_of_relief = 0.5;

} // namespace

std::optional<std::string> checkpoint_pace::completed(checkpoint_id id,
                                                      std::chrono::nanoseconds took) {
  if (!interval_ || *interval_ < shortest_judged)
    return std::nullopt;
  const std::chrono::duration<double> seconds = took;
  const std::chrono::duration<double> between = *interval_;
  const double share = seconds / between;
  if (share < share_of_relief)
    told_ = false;
  if (share < share_told || told_)
    return std::nullopt;
  told_ = true;
  return fmt::format("checkpoint {} took {:.1f} s, and one is due every {:.1f} s: raise "
                     "execution.checkpointing.interval, or keep some time free for the "
                     "job with execution.checkpointing.min-pause",
                     id.value, seconds.count(), between.count());
}

} // namespace weir
