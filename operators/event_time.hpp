// When something happened, as opposed to when it is processed, and how far a stream has
// come: a watermark says that nothing is expected any more that happened until then.
#pragma once

#include "state/time.hpp"

#include <concepts>
#include <functional>
#include <type_traits>

namespace weir {

/// The time of a record in a stream without timestamps.
struct no_time {};

/// How far a channel, or a task, has come. An idle one says nothing about time, and
/// nobody waits for it.
struct watermark {
  event_time time = event_time::min();
  bool idle = false;

  friend bool operator==(const watermark&, const watermark&) = default;
};

/// What a task knows of the time.
struct task_clock {
  event_time watermark = event_time::min(); // how far it has come
  processing_time now{};                    // when its slice began
};

namespace detail {

template <class V>
struct is_time_point : std::false_type {};
template <class D>
struct is_time_point<std::chrono::sys_time<D>> : std::true_type {};

template <class V>
event_time to_event_time(const V& value) {
  if constexpr (is_time_point<V>::value)
    return std::chrono::floor<event_time::duration>(value);
  else
    return event_time(std::chrono::milliseconds(value));
}

} // namespace detail

/// What `timestamps` takes from a record: a member pointer or a pure function to a
/// std::chrono::sys_time of any unit, or to a whole number of milliseconds since 1970.
template <class F, class In>
concept time_function = std::copy_constructible<F> &&
    std::regular_invocable<F&, const In&> &&
    (detail::is_time_point<
         std::remove_cvref_t<std::invoke_result_t<F&, const In&>>>::value ||
     std::integral<std::remove_cvref_t<std::invoke_result_t<F&, const In&>>>);

/// How far behind the latest record of its task another may still come, and after how
/// long without any record the task is idle.
struct watermark_strategy {
  event_time::duration behind{};
  std::chrono::nanoseconds idle_after_{}; // zero: never

  /// A task without records for this long does not hold back the others.
  watermark_strategy idle_after(std::chrono::nanoseconds silence) const {
    return {behind, silence};
  }
};

/// Times do not descend within a task of the source.
struct monotonous : watermark_strategy {};

/// Records come at most so late.
struct out_of_order : watermark_strategy {
  explicit out_of_order(event_time::duration at_most) : watermark_strategy{at_most, {}} {}
};

} // namespace weir
