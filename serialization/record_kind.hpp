// The kinds of types that records are made of, told apart once for everything that walks
// a record: its encoding, its description, its text.
#pragma once

#include "serialization/fields.hpp"
#include "serialization/fixed.hpp"
#include "serialization/text_value.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace weir::detail {

enum class record_kind : std::uint8_t {
  none,
  scalar, // a number, a bool, a char, an enum
  string, // std::string, weir::text
  array,  // std::array
  list,   // std::vector
  map,    // std::map, std::unordered_map
  optional,
  variant,
  unit, // std::monostate, in a variant only
  duration,
  time,      // std::chrono::time_point
  tuple,     // std::pair, std::tuple
  aggregate, // a plain struct
};

template <class T>
constexpr record_kind kind_of = scalar<T>               ? record_kind::scalar
                                : walkable_aggregate<T> ? record_kind::aggregate
                                : is_tuple<T>           ? record_kind::tuple
                                                        : record_kind::none;
template <class T>
constexpr record_kind kind_of<const T> = record_kind::none;
template <>
inline constexpr record_kind kind_of<std::string> = record_kind::string;
template <>
inline constexpr record_kind kind_of<text> = record_kind::string;
template <>
inline constexpr record_kind kind_of<std::monostate> = record_kind::unit;
template <class T, std::size_t N>
constexpr record_kind kind_of<std::array<T, N>> = record_kind::array;
template <class T>
constexpr record_kind kind_of<std::array<T, 0>> = record_kind::none;
template <class T>
constexpr record_kind kind_of<std::vector<T>> = record_kind::list;
template <class K, class V>
constexpr record_kind kind_of<std::map<K, V>> = record_kind::map;
template <class K, class V, class Hash, class Equal>
constexpr record_kind kind_of<std::unordered_map<K, V, Hash, Equal>> = record_kind::map;
template <class T>
constexpr record_kind kind_of<std::optional<T>> = record_kind::optional;
template <class... T>
constexpr record_kind kind_of<std::variant<T...>> = record_kind::variant;
template <class Rep, class Period>
constexpr record_kind kind_of<std::chrono::duration<Rep, Period>> = record_kind::duration;
template <class Clock, class Duration>
constexpr record_kind kind_of<std::chrono::time_point<Clock, Duration>> =
    record_kind::time;

template <class T, record_kind... Kinds>
concept of_kind = ((kind_of<T> == Kinds) || ...);

/// What has fields.
template <class T>
concept structure = of_kind<T, record_kind::aggregate, record_kind::tuple>;

template <class Map>
concept sorted_map = requires {
  typename Map::key_compare;
};

/// The number inside a duration or a time_point.
template <class T>
auto count_of(const T& value) {
  if constexpr (of_kind<T, record_kind::time>)
    return value.time_since_epoch().count();
  else
    return value.count();
}

/// The duration or time_point around such a number.
template <class T>
T from_count(typename T::rep count) {
  if constexpr (of_kind<T, record_kind::time>)
    return T(typename T::duration(count));
  else
    return T(count);
}

/// Calls `visit` with the value that a variant holds and with its number.
template <class... T, class Visit>
void visit_alternative(const std::variant<T...>& value, Visit&& visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto try_one = [&](auto number) {
      if (const auto* held = std::get_if<number()>(&value))
        visit(*held, number);
    };
    (try_one(std::integral_constant<std::size_t, I>{}), ...);
  }
  (std::index_sequence_for<T...>{});
}

/// Makes a variant hold alternative `index`, keeping the value if it already does, and
/// returns what `visit` says about it. `index` is in range.
template <class... T, class Visit>
bool emplace_alternative(std::variant<T...>& value, std::size_t index, Visit&& visit) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto one = [&](auto number) {
      if (value.index() != number())
        value.template emplace<number()>();
      return visit(std::get<number()>(value));
    };
    bool result = false;
    (void)((index == I &&
            (result = one(std::integral_constant<std::size_t, I>{}), true)) ||
           ...);
    return result;
  }
  (std::index_sequence_for<T...>{});
}

} // namespace weir::detail
