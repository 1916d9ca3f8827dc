// How keys and values stand in a bucket: those of fixed size, with weir::text among their
// fields or not, as they are, all others as a pointer to an object on the heap, which
// belongs to the table. A cell can be copied byte by byte; one of zeros is none.
#pragma once

#include "serialization/record.hpp"
#include "state/hash.hpp"

#include <boost/pfr/ops.hpp>

namespace weir {

namespace detail {

template <class T>
concept in_place = fixed_record<T> ||(holds_text<T>&& std::is_trivially_copyable_v<T>);

template <record_key Key>
bool same_key(const Key& a, const Key& b) {
  if constexpr (of_kind<Key, record_kind::aggregate>)
    return boost::pfr::eq(a, b);
  else
    return a == b;
}

} // namespace detail

template <record_key Key>
struct key_cell {
  const Key* held;
  std::uint64_t hash;

  static constexpr bool on_heap = true;

  const Key& get() const noexcept { return *held; }
  std::uint64_t hash_of_key() const noexcept { return hash; }
  /// `wanted` is the hash of `key`. Different keys seldom have one, so few are compared.
  template <class Hash>
  bool is(const Key& key, Hash wanted) const {
    return hash == wanted() && held != nullptr && detail::same_key(*held, key);
  }
  void set(const Key& key, std::uint64_t its_hash) {
    held = new Key(key);
    hash = its_hash;
  }
  void release() noexcept { delete held; }
};

template <record_key Key>
requires detail::in_place<Key>
struct key_cell<Key> {
  Key held;

  static constexpr bool on_heap = false;

  const Key& get() const noexcept { return held; }
  std::uint64_t hash_of_key() const noexcept { return hash_of(held); }
  template <class Hash>
  bool is(const Key& key, Hash) const {
    return detail::same_key(held, key);
  }
  void set(const Key& key, std::uint64_t) { held = key; }
};

template <class Value>
struct value_cell;

template <record Value>
struct value_cell<Value> {
  Value* held;

  static constexpr bool on_heap = true;

  Value& get() noexcept { return *held; }
  void make() { held = new Value{}; }
  void release() noexcept { delete held; }
};

template <record Value>
requires detail::in_place<Value>
struct value_cell<Value> {
  Value held;

  static constexpr bool on_heap = false;

  Value& get() noexcept { return held; }
  void make() { held = Value{}; }
};

} // namespace weir
