// When to look at which rows for deadlines of one kind of time that may have come: a
// binary heap by time. It may say too much, of rows that are gone or whose deadline has
// moved or was cleared, and never too little. `sweep` keeps what it says too much from
// growing.
#pragma once

#include "state/state_row.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace weir {

class timer_index {
public:
  struct entry {
    time_count when;
    std::uint64_t hash; // of the row's key
    state_row* row;     // if it is still there
    slot_place place;

    /// An order that does not depend on where rows stand in memory.
    bool before(const entry& other) const noexcept {
      return std::tuple(when, hash, place.bit) <
             std::tuple(other.when, other.hash, other.place.bit);
    }
  };

  void add(const entry& fresh) {
    heap_.push_back(fresh);
    rise(heap_.size() - 1);
  }

  bool has_due(time_count now) const noexcept {
    return !heap_.empty() && heap_.front().when <= now;
  }
  /// When to look for the first time.
  std::optional<time_count> first() const noexcept {
    return heap_.empty() ? std::nullopt : std::optional(heap_.front().when);
  }
  /// Requires: there is one.
  entry take_first() {
    const entry first = heap_.front();
    remove(0);
    return first;
  }

  std::size_t size() const noexcept { return heap_.size(); }

  /// Looks at the next `entries`, round and round, and removes those that are `stale`.
  template <class Stale>
  void sweep(std::size_t entries, Stale stale) {
    for (; entries > 0 && !heap_.empty(); --entries) {
      if (swept_ >= heap_.size())
        swept_ = 0;
      if (stale(std::as_const(heap_[swept_])))
        remove(swept_);
      else
        ++swept_;
    }
  }

private:
  void remove(std::size_t at) {
    heap_[at] = heap_.back();
    heap_.pop_back();
    if (at < heap_.size())
      sink(rise(at));
  }

  std::size_t rise(std::size_t at) {
    for (; at > 0 && heap_[at].before(heap_[(at - 1) / 2]); at = (at - 1) / 2)
      std::swap(heap_[at], heap_[(at - 1) / 2]);
    return at;
  }

  void sink(std::size_t at) {
    for (std::size_t child = 2 * at + 1; child < heap_.size(); child = 2 * at + 1) {
      if (child + 1 < heap_.size() && heap_[child + 1].before(heap_[child]))
        ++child;
      if (!heap_[child].before(heap_[at]))
        return;
      std::swap(heap_[at], heap_[child]);
      at = child;
    }
  }

  std::vector<entry> heap_;
  std::size_t swept_ = 0;
};

} // namespace weir
