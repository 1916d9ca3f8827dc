// The two times of a stream: when something happened, and when it is processed. They are
// types of their own, so that a deadline in the one is never compared with the other.
#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

/// Microseconds since 1970, UTC.
using event_time = std::chrono::sys_time<std::chrono::microseconds>;

/// The clock of the machine as a job sees it: it goes on from where it stood when the job
/// began, and never back.
struct processing_clock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<processing_clock>;
};

/// Microseconds since 1970, UTC.
using processing_time = processing_clock::time_point;

/// Which of the two, where types do not say it.
enum class time_kind : std::uint8_t { event, processing };

template <class Time>
constexpr time_kind kind_of_time = time_kind::event;
template <>
inline constexpr time_kind kind_of_time<processing_time> = time_kind::processing;

/// The microseconds of either since 1970.
using time_count = std::chrono::microseconds;

} // namespace weir
