// A map for each key, in the order of its own keys.
#pragma once

#include "state/state_slot.hpp"

#include <map>

namespace weir {

template <record_key K, record V>
class map_state {
public:
  using slot = state_slot<std::map<K, V>>;

  explicit map_state(slot at) : slot_(at) {}

  bool empty() const noexcept { return slot_.find() == nullptr; }
  std::size_t size() const noexcept { return entries().size(); }
  bool contains(const K& key) const { return entries().contains(key); }
  /// Null if there is none.
  const V* find(const K& key) const {
    const auto found = entries().find(key);
    return found != entries().end() ? &found->second : nullptr;
  }
  V value_or(const K& key, V fallback) const {
    const V* const found = find(key);
    return found != nullptr ? *found : std::move(fallback);
  }
  /// Pairs of key and value, in the order of the keys, until the map is written.
  auto begin() const noexcept { return entries().begin(); }
  auto end() const noexcept { return entries().end(); }
  /// The first one whose key is not before `key`.
  auto lower_bound(const K& key) const { return entries().lower_bound(key); }

  void put(const K& key, V value) {
    slot_.open().insert_or_assign(key, std::move(value));
  }
  /// To be changed in place; as its type makes it if there was none.
  V& edit(const K& key) { return slot_.open()[key]; }
  /// Whether there was one.
  bool erase(const K& key) {
    if (!contains(key))
      return false;
    if (size() == 1)
      slot_.clear();
    else
      slot_.open().erase(key);
    return true;
  }
  void clear() { slot_.clear(); }

private:
  const std::map<K, V>& entries() const noexcept {
    static const std::map<K, V> none;
    const std::map<K, V>* const found = slot_.find();
    return found != nullptr ? *found : none;
  }

  slot slot_;
};

} // namespace weir
