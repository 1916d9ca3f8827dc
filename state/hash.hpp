// The 64-bit hash of a key. It chooses key group, directory entry and slot, so its low,
// middle and high bits must all be good. Frozen: changing this breaks existing
// checkpoints; golden values are in tests/state.
#pragma once

#include "serialization/record.hpp"

#include <cstdint>
#include <cstring>

namespace weir {

namespace detail {

/// Both halves of the 128-bit product, folded.
constexpr std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using wide = unsigned __int128;
  const wide product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::uint64_t hash_seed = 0x9E3779B97F4A7C15;
constexpr std::uint64_t hash_factor = 0xD6E8FEB86659FD93;

constexpr std::uint64_t hash_word(std::uint64_t state, std::uint64_t word) noexcept {
  return fold_multiply(state ^ word, hash_factor);
}

/// Eight bytes at a time, the last ones padded with zeros; the length goes first.
inline std::uint64_t hash_text(std::uint64_t state, std::string_view text) noexcept {
  state = hash_word(state, text.size());
  for (; text.size() >= sizeof state; text.remove_prefix(sizeof state)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    state = hash_word(state, word) + hash_seed;
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, text.data(), text.size());
  return hash_word(state, rest);
}

template <class T>
constexpr std::uint64_t hash_fields(std::uint64_t state, const T& value) noexcept {
  using enum record_kind;
  if constexpr (detail::scalar<T>) {
    return hash_word(state, static_cast<std::uint64_t>(value));
  } else if constexpr (is_std_array<T>::value) {
    for (const auto& element : value)
      state = hash_fields(state, element) + hash_seed;
    return state;
  } else if constexpr (of_kind<T, string>) {
    return hash_text(state, value);
  } else if constexpr (of_kind<T, duration, time>) {
    return hash_fields(state, count_of(value));
  } else if constexpr (of_kind<T, list>) {
    state = hash_word(state, value.size());
    for (const typename T::value_type& element : value)
      state = hash_fields(state, element) + hash_seed;
    return state;
  } else if constexpr (of_kind<T, optional>) {
    state = hash_word(state, value.has_value());
    return value ? hash_fields(state, *value) : state;
  } else if constexpr (of_kind<T, variant>) {
    state = hash_word(state, value.index());
    visit_alternative(value, [&]<class A>(const A& held, auto) {
      if constexpr (!of_kind<A, unit>)
        state = hash_fields(state, held);
    });
    return state;
  } else {
    weir::for_each_field(value, [&](const auto& field, auto) {
      state = hash_fields(state, field) + hash_seed;
    });
    return state;
  }
}

/// How many words `hash_fields` folds.
template <class T>
consteval std::size_t hash_words() {
  if constexpr (scalar<T>)
    return 1;
  else if constexpr (is_std_array<T>::value)
    return std::tuple_size_v<T> * hash_words<typename T::value_type>();
  else
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (hash_words<boost::pfr::tuple_element_t<I, T>>() + ...);
    }
  (std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
}

} // namespace detail

/// Computing the hash again costs less than storing and loading it.
template <record_key Key>
constexpr bool cheap_to_hash = [] {
  if constexpr (fixed_key<Key>)
    return detail::hash_words<Key>() <= 2;
  else
    return false;
}();

template <record_key Key>
constexpr std::uint64_t hash_of(const Key& key) noexcept {
  return detail::hash_fields(detail::hash_seed, key);
}

} // namespace weir
