// Deadlines of a key, in event time: when the stream has come so far, the function's
// on_timer is called for the key, and the deadline is gone.
#pragma once

#include "state/timer_slot.hpp"

namespace weir {

namespace detail {

/// Has the index look at the row by then, unless it does so earlier anyway.
template <class Slot>
void index_deadline(const state_slot<Slot>& in, Slot& slot, event_time deadline) {
  if (deadline >= slot.looked_at)
    return;
  slot.looked_at = deadline;
  in.row().look_at(deadline, in.place());
}

} // namespace detail

/// One deadline for each key.
class timer {
public:
  using slot = state_slot<one_deadline>;

  explicit timer(slot at) : slot_(at) {}

  std::optional<event_time> deadline() const noexcept {
    const one_deadline* const found = slot_.find();
    return found != nullptr ? std::optional(found->deadline) : std::nullopt;
  }
  /// Instead of the one there was.
  void set(event_time deadline) {
    one_deadline& held = slot_.open();
    held.deadline = deadline;
    detail::index_deadline(slot_, held, deadline);
  }
  void clear() { slot_.clear(); }

  slot_place place() const noexcept { return slot_.place(); }

private:
  slot slot_;
};

/// Any number of deadlines for each key, all of them different.
class timers {
public:
  using slot = state_slot<deadline_set>;

  explicit timers(slot at) : slot_(at) {}

  bool empty() const noexcept { return slot_.find() == nullptr; }
  std::size_t size() const noexcept { return deadlines().size(); }
  bool contains(event_time deadline) const { return deadlines().contains(deadline); }
  /// Ascending, until one is added or removed.
  auto begin() const noexcept { return deadlines().begin(); }
  auto end() const noexcept { return deadlines().end(); }

  void add(event_time deadline) {
    deadline_set& held = slot_.open();
    held.deadlines.insert(deadline);
    detail::index_deadline(slot_, held, deadline);
  }
  /// Whether there was one.
  bool erase(event_time deadline) {
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
  const std::set<event_time>& deadlines() const noexcept {
    static const std::set<event_time> none;
    const deadline_set* const found = slot_.find();
    return found != nullptr ? found->deadlines : none;
  }

  slot slot_;
};

/// What on_timer is told: whose deadline has come.
class fired_timer {
public:
  fired_timer(slot_place place, event_time deadline)
      : place_(place), deadline_(deadline) {}

  event_time deadline() const noexcept { return deadline_; }
  bool is_of(const timer& which) const noexcept { return which.place() == place_; }
  bool is_of(const timers& which) const noexcept { return which.place() == place_; }

private:
  slot_place place_;
  event_time deadline_;
};

} // namespace weir
