#include "runtime/loop_probes.hpp"

#include "serialization/check.hpp"

#include <limits>
#include <utility>

namespace weir {

namespace {

/// Of a channel that has ended.
constexpr std::uint64_t every_round = std::numeric_limits<std::uint64_t>::max();

} // namespace

loop_probes::loop_probes(std::size_t channels, std::size_t feedback)
    : brought_(channels, 0),
      first_feedback_(channels - feedback), busy_{feedback > 0, false} {}

void loop_probes::arrived(std::size_t channel, loop_probe probe) {
  auto& last = brought_.at(channel);
  WEIR_CHECK(probe.round == last + 1);
  last = probe.round;
  busy_[probe.round % 2] |= probe.busy;
}

void loop_probes::ended(std::size_t channel) {
  brought_.at(channel) = every_round;
}

std::optional<loop_probe> loop_probes::next() {
  const bool head = first_feedback_ < brought_.size();
  const std::uint64_t round = sent_ + 1;
  if (empty_ || !all_have(round))
    return std::nullopt;
  if (head && !take_busy(sent_)) {
    empty_ = true;
    return std::nullopt;
  }
  sent_ = round;
  return loop_probe{round, head ? std::exchange(came_back_, false) : take_busy(round)};
}

/// Whether the channels have brought what must be there before `round` is sent on: the
/// feedback channels the round before, the others this one.
bool loop_probes::all_have(std::uint64_t round) const {
  bool any_open = false;
  for (std::size_t channel = 0; channel < brought_.size(); ++channel) {
    const std::uint64_t needed = channel < first_feedback_ ? round : round - 1;
    if (brought_[channel] < needed)
      return false;
    any_open = any_open || brought_[channel] != every_round;
  }
  return any_open; // else its end takes the place of the probe
}

bool loop_probes::take_busy(std::uint64_t round) noexcept {
  return std::exchange(busy_[round % 2], false);
}

} // namespace weir
