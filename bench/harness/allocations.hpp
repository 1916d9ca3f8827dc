// How often this program has asked for memory. A program that links this file has its
// operator new replaced, in every library it uses.
#pragma once

#include <atomic>
#include <cstdint>

namespace weir::bench {

/// Calls of operator new by all threads since the program began.
std::uint64_t allocations() noexcept;

/// Cuts a run in two: what memory it takes to get going, and what it takes to go on. The
/// steady phase begins when the last source has drawn half of its records.
class allocation_phases {
public:
  allocation_phases() : began_(allocations()) {}

  /// Called by every source, from its own thread.
  void source_is_half_done() noexcept { half_done_ = allocations(); }
  void ended() noexcept { ended_ = allocations(); }

  double warming_up() const noexcept { return between(began_, half_done_); }
  double steady() const noexcept { return between(half_done_, ended_); }

private:
  static double between(std::uint64_t from, std::uint64_t to) noexcept {
    return static_cast<double>(to - from);
  }

  std::uint64_t began_;
  std::atomic<std::uint64_t> half_done_{0};
  std::uint64_t ended_ = 0;
};

} // namespace weir::bench
