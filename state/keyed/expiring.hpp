// The handles of states that expire: each is used as the one it is named after. What has
// expired is absent.
#pragma once

#include "state/expiring_slot.hpp"
#include "state/keyed/list_state.hpp"
#include "state/keyed/map_state.hpp"
#include "state/keyed/reducing_state.hpp"
#include "state/keyed/value_state.hpp"

#include <functional>

namespace weir {

/// The value expires as a whole.
template <record T>
class expiring<value_state<T>> : public value_state<T, expiring_slot<T>> {
  using value_state<T, expiring_slot<T>>::value_state;
};

template <record T, std::regular_invocable<const T&, const T&> F>
class expiring<reducing_state<T, F>> : public reducing_state<T, F, expiring_slot<T>> {
  using reducing_state<T, F, expiring_slot<T>>::reducing_state;
};

template <aggregate A>
class expiring<aggregating_state<A>>
    : public aggregating_state<A, expiring_slot<typename A::accumulator>> {
  using aggregating_state<A, expiring_slot<typename A::accumulator>>::aggregating_state;
};

/// Its elements expire one by one.
template <record T>
class expiring<list_state<T>> {
  using entries = std::vector<stamped<T>>;
  struct read {
    const T& operator()(const stamped<T>& entry) const noexcept { return entry.value; }
  };

public:
  using slot = expiring_entries_slot<entries>;
  using iterator = unexpired_iterator<typename entries::const_iterator, read>;

  explicit expiring(slot at) : slot_(at) {}

  bool empty() const { return begin() == end(); }
  /// Counts them.
  std::size_t size() const {
    return static_cast<std::size_t>(std::ranges::distance(begin(), end()));
  }
  /// Until the list is written. To begin is to read all of them.
  iterator begin() const {
    const entries& all = slot_.entries();
    slot_.note_read(all.begin(), all.end());
    return {all.begin(), all.end(), slot_.now()};
  }
  iterator end() const {
    const entries& all = slot_.entries();
    return {all.end(), all.end(), slot_.now()};
  }

  void add(T element) {
    slot_.open().push_back({slot_.fresh_until(), std::move(element)});
  }
  /// These instead of what there was.
  template <std::ranges::input_range Range>
  requires std::convertible_to<std::ranges::range_reference_t<Range>, T>
  void assign(Range&& elements) {
    entries fresh;
    for (auto&& each : elements)
      fresh.push_back(
          {slot_.fresh_until(), static_cast<T>(std::forward<decltype(each)>(each))});
    slot_.clear();
    if (!fresh.empty())
      slot_.open() = std::move(fresh);
  }
  void clear() { slot_.clear(); }

private:
  slot slot_;
};

/// Its entries expire one by one.
template <record_key K, record V>
class expiring<map_state<K, V>> {
  using entries = std::map<K, stamped<V>>;
  struct read {
    std::pair<const K&, const V&>
    operator()(const std::pair<const K, stamped<V>>& entry) const noexcept {
      return {entry.first, entry.second.value};
    }
  };

public:
  using slot = expiring_entries_slot<entries>;
  using iterator = unexpired_iterator<typename entries::const_iterator, read>;

  explicit expiring(slot at) : slot_(at) {}

  bool empty() const { return begin() == end(); }
  /// Counts them.
  std::size_t size() const {
    return static_cast<std::size_t>(std::ranges::distance(begin(), end()));
  }
  bool contains(const K& key) const { return find(key) != nullptr; }
  /// Null if there is none.
  const V* find(const K& key) const {
    const auto found = slot_.entries().find(key);
    if (found == slot_.entries().end() || found->second.until <= slot_.now())
      return nullptr;
    slot_.note_read(found, std::next(found));
    return &found->second.value;
  }
  V value_or(const K& key, V fallback) const {
    const V* const found = find(key);
    return found != nullptr ? *found : std::move(fallback);
  }
  /// Pairs of key and value, in the order of the keys, until the map is written. To begin
  /// is to read all of them.
  iterator begin() const { return from(slot_.entries().begin()); }
  iterator end() const {
    const entries& all = slot_.entries();
    return {all.end(), all.end(), slot_.now()};
  }
  /// The first one whose key is not before `key`. It and all behind it have been read.
  iterator lower_bound(const K& key) const {
    return from(slot_.entries().lower_bound(key));
  }

  void put(const K& key, V value) {
    slot_.open().insert_or_assign(key, stamped<V>{slot_.fresh_until(), std::move(value)});
  }
  /// To be changed in place; as its type makes it if there was none.
  V& edit(const K& key) {
    stamped<V>& entry = slot_.open()[key];
    if (entry.until <= slot_.now())
      entry.value = V{};
    entry.until = slot_.fresh_until();
    return entry.value;
  }
  /// Whether there was one.
  bool erase(const K& key) {
    const auto found = slot_.entries().find(key);
    if (found == slot_.entries().end() || found->second.until <= slot_.now())
      return false;
    if (slot_.entries().size() == 1)
      slot_.clear();
    else
      slot_.open().erase(key);
    return true;
  }
  void clear() { slot_.clear(); }

private:
  iterator from(typename entries::const_iterator first) const {
    const entries& all = slot_.entries();
    slot_.note_read(first, all.end());
    return {first, all.end(), slot_.now()};
  }

  slot slot_;
};

} // namespace weir
