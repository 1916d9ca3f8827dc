// The 64-bit hash of a key. It chooses key group, directory entry and slot, so its low,
// middle and high bits must all be good. Frozen: changing this breaks existing
// checkpoints; golden values are in tests/state.
#pragma once

#include "serialization/fixed.hpp"

#include <cstdint>

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

template <class T>
constexpr std::uint64_t hash_fields(std::uint64_t state, const T& value) noexcept {
  if constexpr (scalar<T>) {
    return hash_word(state, static_cast<std::uint64_t>(value));
  } else if constexpr (is_std_array<T>::value) {
    for (const auto& element : value)
      state = hash_fields(state, element) + hash_seed;
    return state;
  } else {
    boost::pfr::for_each_field(
        value, [&](const auto& field) { state = hash_fields(state, field) + hash_seed; });
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
template <fixed_key Key>
constexpr bool cheap_to_hash = detail::hash_words<Key>() <= 2;

template <fixed_key Key>
constexpr std::uint64_t hash_of(const Key& key) noexcept {
  return detail::hash_fields(detail::hash_seed, key);
}

} // namespace weir
