// How the tasks of a loop find out that it is empty once its input has ended: pure, one
// instance per task of a loop.
//
// Probes go round the loop behind the records, in rounds. A head (a task that takes what
// goes back) sends the first one when its input has ended, and each further one when all
// feedback channels have brought the one before. Any other task sends a probe on once
// every input channel has brought it or has ended. So behind a probe is only what heads
// sent on after they had sent it. A head says in a probe whether anything has come back
// to it since the one before; the others pass on whether any probe of the round said so.
// A round in which none did went round an empty loop.
//
// Every head has a feedback channel from every tail, so all of them hear the same of a
// round and end after the same one. A task that has an input of its own sends no probe
// before that has ended; the round waits for it.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace weir {

struct loop_probe {
  std::uint64_t round = 0;
  /// Something came back to a head since the round before.
  bool busy = false;

  auto operator<=>(const loop_probe&) const = default;
};

class loop_probes {
public:
  /// Of the channels, the last `feedback` bring what goes back; none does to a task that
  /// is no head.
  loop_probes(std::size_t channels, std::size_t feedback);

  // What comes along the channels, in their order.
  void arrived(std::size_t channel, loop_probe probe);
  void ended(std::size_t channel);
  /// A feedback channel has brought records.
  void came_back() noexcept { came_back_ = true; }

  /// The probe that is to be sent on now, behind everything that came before. May be
  /// asked for later: a task that has work need not hurry.
  std::optional<loop_probe> next();

  /// Nothing will ever come back to this head again.
  bool empty() const noexcept { return empty_; }

  auto operator<=>(const loop_probes&) const = default;

private:
  bool all_have(std::uint64_t round) const;
  bool take_busy(std::uint64_t round) noexcept;

  std::vector<std::uint64_t> brought_; // by channel: the last round
  std::size_t first_feedback_;
  std::uint64_t sent_ = 0; // the last round
  // By the round's parity: a feedback channel may be one round ahead of another.
  std::array<bool, 2> busy_;
  bool came_back_ = true; // perhaps, before the first round
  bool empty_ = false;
};

} // namespace weir
