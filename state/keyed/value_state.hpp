// One value for each key. See state_binder.hpp for what all states have in common. `Slot`
// says how it is held: for good, or until it expires (keyed/expiring.hpp).
#pragma once

#include "state/state_slot.hpp"

#include <utility>

namespace weir {

template <record T, class Slot = state_slot<T>>
class value_state {
public:
  using slot = Slot;

  explicit value_state(slot at) : slot_(at) {}

  bool has_value() const { return slot_.find() != nullptr; }
  explicit operator bool() const { return has_value(); }
  /// Null if there is none.
  const T* find() const { return slot_.find(); }
  /// Requires: there is one.
  const T& operator*() const { return *slot_.find(); }
  const T* operator->() const { return slot_.find(); }
  T value_or(T fallback) const {
    const T* const found = slot_.find();
    return found != nullptr ? *found : std::move(fallback);
  }

  void set(T value) { slot_.open() = std::move(value); }
  /// To be changed in place; as its type makes it if there was none.
  T& edit() { return slot_.open(); }
  void clear() { slot_.clear(); }

private:
  slot slot_;
};

} // namespace weir
