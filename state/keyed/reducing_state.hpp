// For each key, what a function or an aggregate makes of all that was added. `Slot` says
// how it is held: for good, or until it expires (keyed/expiring.hpp).
#pragma once

#include "state/state_slot.hpp"

#include <functional>

namespace weir {

/// `F` makes one T of two.
template <record T, std::regular_invocable<const T&, const T&> F,
          class Slot = state_slot<T>>
class reducing_state {
public:
  using slot = Slot;

  reducing_state(slot at, F combine) : slot_(at), combine_(std::move(combine)) {}

  bool has_value() const { return slot_.find() != nullptr; }
  /// Null if nothing was added.
  const T* find() const { return slot_.find(); }
  T value_or(T fallback) const {
    const T* const found = slot_.find();
    return found != nullptr ? *found : std::move(fallback);
  }

  void add(const T& element) {
    const bool first = !has_value();
    T& so_far = slot_.open();
    so_far = first ? element : std::invoke(combine_, std::as_const(so_far), element);
  }
  void clear() { slot_.clear(); }

private:
  slot slot_;
  F combine_;
};

/// Sums up elements in an accumulator, of which it makes a result when asked:
///
///   struct mean {
///     struct accumulator { double sum; std::uint64_t count; };
///     void add(accumulator& so_far, double element) const;
///     double result(const accumulator& so_far) const;
///   };
template <class A>
concept aggregate = record<typename A::accumulator> &&
    requires(const A& function, const typename A::accumulator& so_far) {
  function.result(so_far);
};

template <aggregate A, class Slot = state_slot<typename A::accumulator>>
class aggregating_state {
public:
  using accumulator = typename A::accumulator;
  using slot = Slot;

  aggregating_state(slot at, A function) : slot_(at), function_(std::move(function)) {}

  /// Whether anything was added.
  bool has_value() const { return slot_.find() != nullptr; }
  /// Of an empty accumulator if nothing was.
  auto result() const {
    const accumulator* const found = slot_.find();
    return found != nullptr ? function_.result(*found) : function_.result(accumulator{});
  }

  template <class Element>
  requires requires(const A& function, accumulator& so_far, const Element& element) {
    function.add(so_far, element);
  }
  void add(const Element& element) { function_.add(slot_.open(), element); }
  void clear() { slot_.clear(); }

private:
  slot slot_;
  [[no_unique_address]] A function_;
};

} // namespace weir
