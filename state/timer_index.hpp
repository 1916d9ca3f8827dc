// When to look at which rows for deadlines that may have come: a heap by time. It may say
// too much, of rows that are gone or whose deadline has moved to a later time, and never
// too little.
#pragma once

#include "state/state_row.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace weir {

class timer_index {
public:
  struct entry {
    event_time when;
    std::uint64_t hash; // of the row's key
    state_row* row;     // if it is still there
    slot_place place;

    /// In an order that does not depend on where rows stand in memory.
    friend bool operator>(const entry& a, const entry& b) noexcept {
      return std::tuple(a.when, a.hash, a.place.bit) >
             std::tuple(b.when, b.hash, b.place.bit);
    }
  };

  void add(const entry& fresh) {
    heap_.push_back(fresh);
    std::push_heap(heap_.begin(), heap_.end(), std::greater());
  }

  bool has_due(event_time now) const noexcept {
    return !heap_.empty() && heap_.front().when <= now;
  }
  /// Requires: there is one.
  entry take_first() {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater());
    const entry first = heap_.back();
    heap_.pop_back();
    return first;
  }

  std::size_t size() const noexcept { return heap_.size(); }

private:
  std::vector<entry> heap_;
};

} // namespace weir
