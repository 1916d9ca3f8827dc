// How long states stay that expire. A function binds one with
//
//   last_login_(state.value<login>("last-login", weir::expire_after_write(24h)))
//
// and keeps it as a weir::expiring<weir::value_state<login>>. Time is processing time,
// and what has expired is never seen again, whether it is gone from memory yet or not.
#pragma once

#include "state/time.hpp"

namespace weir {

/// Made by the functions below.
struct expiry {
  processing_clock::duration after;
  bool on_access; // reading counts, too
};

/// It is there until it has not been written for so long.
constexpr expiry expire_after_write(processing_clock::duration after) {
  return {after, false};
}
/// It is there until it has been neither written nor read for so long. A read is noted
/// only where it adds more than a 64th of the duration: most reads are no writes.
constexpr expiry expire_after_access(processing_clock::duration after) {
  return {after, true};
}

/// A state of this kind that expires.
template <class State>
class expiring;

namespace detail {

constexpr processing_clock::rep noted_parts = 64;

/// When something expires that is written now.
constexpr processing_time expiry_of_written(const expiry& how,
                                            processing_time now) noexcept {
  return now < processing_time::max() - how.after ? now + how.after
                                                  : processing_time::max();
}

/// Whether reading something that expires at `until` is to be noted.
constexpr bool notes_read(const expiry& how, processing_time until,
                          processing_time now) noexcept {
  return how.on_access && expiry_of_written(how, now) - until > how.after / noted_parts;
}

} // namespace detail

} // namespace weir
