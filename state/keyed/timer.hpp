// Deadlines of a key, in event time or in processing time: when the stream, or the clock,
// has come so far, the function's on_timer is called for the key, and the deadline is
// gone.
#pragma once

#include "state/timer_slot.hpp"

namespace weir {

namespace detail {

/// Has the index look at the row by then, unless it does so earlier anyway.
template <class Slot>
void index_deadline(const state_slot<Slot>& in, Slot& slot, time_count deadline) {
  if (deadline >= slot.looked_at)
    return;
  slot.looked_at = deadline;
  in.row().look_at(Slot::timer.kind, deadline, in.place());
}

} // namespace detail

/// One deadline for each key.
template <class Time>
class basic_timer {
public:
  using slot = state_slot<one_deadline<Time>>;

  explicit basic_timer(slot at) : slot_(at) {}

  std::optional<Time> deadline() const noexcept {
    const one_deadline<Time>* const found = slot_.find();
    return found != nullptr ? std::optional(found->deadline) : std::nullopt;
  }
  /// Instead of the one there was.
  void set(Time deadline) {
    one_deadline<Time>& held = slot_.open();
    held.deadline = deadline;
    detail::index_deadline(slot_, held, deadline.time_since_epoch());
  }
  void clear() { slot_.clear(); }

  slot_place place() const noexcept { return slot_.place(); }

private:
  slot slot_;
};

/// Any number of deadlines for each key, all of them different.
template <class Time>
class basic_timers {
public:
  using slot = state_slot<deadline_set<Time>>;

  explicit basic_timers(slot at) : slot_(at) {}

  bool empty() const noexcept { return slot_.find() == nullptr; }
  std::size_t size() const noexcept { return deadlines().size(); }
  bool contains(Time deadline) const { return deadlines().contains(deadline); }
  /// Ascending, until one is added or removed.
  auto begin() const noexcept { return deadlines().begin(); }
  auto end() const noexcept { return deadlines().end(); }

  void add(Time deadline) {
    deadline_set<Time>& held = slot_.open();
    held.deadlines.insert(deadline);
    detail::index_deadline(slot_, held, deadline.time_since_epoch());
  }
  /// Whether there was one.
  bool erase(Time deadline) {
    if (!contains(deadline))
      return false;
    if (size() == 1)
      slot_.clear();
    else
      slot_.open().deadlines.erase(deadline);
    return true;
  }
  void clear() { slot_.clear(); }

  slot_place place() const noexcept { return slot_.place(); }

private:
  const std::set<Time>& deadlines() const noexcept {
    static const std::set<Time> none;
    const deadline_set<Time>* const found = slot_.find();
    return found != nullptr ? found->deadlines : none;
  }

  slot slot_;
};

using timer = basic_timer<event_time>;
using timers = basic_timers<event_time>;
using processing_timer = basic_timer<processing_time>;
using processing_timers = basic_timers<processing_time>;

/// What on_timer is told: whose deadline has come.
class fired_timer {
public:
  fired_timer(slot_place place, time_kind kind, time_count deadline)
      : place_(place), kind_(kind), deadline_(deadline) {}

  time_kind kind() const noexcept { return kind_; }
  template <class Time>
  bool is_of(const basic_timer<Time>& which) const noexcept {
    return which.place() == place_;
  }
  template <class Time>
  bool is_of(const basic_timers<Time>& which) const noexcept {
    return which.place() == place_;
  }

  /// Both throw failure::job_failed for a deadline in the other time.
  event_time deadline() const { return in<event_time>(); }
  processing_time processing_deadline() const { return in<processing_time>(); }

private:
  template <class Time>
  Time in() const {
    if (kind_ != kind_of_time<Time>) [[unlikely]]
      throw_other_time(kind_);
    return Time(deadline_);
  }
  [[noreturn]] static void throw_other_time(time_kind kind);

  slot_place place_;
  time_kind kind_;
  time_count deadline_;
};

} // namespace weir
