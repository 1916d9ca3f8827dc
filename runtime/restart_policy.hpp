// Whether a failed attempt is followed by another, and after what pause: pure; it is told
// the time and the chances. Strategies, names and defaults are Flink's.
#pragma once

#include "operators/random.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <variant>

namespace weir {

enum class restart_kind : std::uint8_t {
  none,
  fixed_delay,
  exponential_delay,
  failure_rate
};

struct no_restarts {
  friend bool operator==(const no_restarts&, const no_restarts&) = default;
};

/// So many in a run, each after the same pause.
struct fixed_delay {
  std::uint32_t attempts = 1;
  std::chrono::milliseconds delay{1000};

  friend bool operator==(const fixed_delay&, const fixed_delay&) = default;
};

/// As long as no more than so many failures fall into the last interval.
struct failure_rate {
  std::uint32_t failures_max = 1;
  std::chrono::milliseconds interval{60'000};
  std::chrono::milliseconds delay{1000};

  friend bool operator==(const failure_rate&, const failure_rate&) = default;
};

/// Each pause is longer than the one before, until an attempt has held for a while.
struct exponential_delay {
  static constexpr auto unlimited = std::numeric_limits<std::uint32_t>::max();

  std::chrono::milliseconds initial{1000};
  std::chrono::milliseconds max{60'000};
  double multiplier = 1.5;
  std::chrono::milliseconds reset_after{3'600'000};
  double jitter = 0.1;                // a pause is so much longer or shorter, at most
  std::uint32_t attempts = unlimited; // before an attempt has held for `reset_after`

  friend bool operator==(const exponential_delay&, const exponential_delay&) = default;
};

using restart_strategy =
    std::variant<no_restarts, fixed_delay, exponential_delay, failure_rate>;

class restart_policy {
public:
  using time = std::chrono::steady_clock::time_point;
  using pause = std::optional<std::chrono::milliseconds>;

  /// `random` is for the jitter.
  restart_policy(restart_strategy strategy, random_stream random);

  /// The pause before the next attempt; none when the job has to fail.
  pause failed(time now);

private:
  pause after(const no_restarts&, time now);
  pause after(const fixed_delay& strategy, time now);
  pause after(const exponential_delay& strategy, time now);
  pause after(const failure_rate& strategy, time now);

  restart_strategy strategy_;
  random_stream random_;
  std::uint32_t used_ = 0;    // attempts, since the beginning or the last reset
  std::deque<time> failures_; // of the last interval
  std::chrono::duration<double, std::milli> backoff_{};
  std::optional<time> restarted_at_; // when the last pause ended
};

} // namespace weir
