// The fields of an aggregate, a pair or a tuple, whatever they are: how many, of which
// types, one after the other. Boost.PFR gives the references; the counting is ours,
// because PFR's ends g++ 12 with an internal error on some collections and does not
// compile for C arrays, which are to be refused in words.
#pragma once

#include <boost/pfr/core.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace weir {

namespace detail {

/// Initialises whatever asks for it; only ever named, never called.
struct any_lvalue {
  template <class T>
  operator T&() const&;
  template <class T>
  operator T&() const&&;
};
struct any_value {
  template <class T>
  operator T() const;
};
template <class T, std::size_t>
using anything_for =
    std::conditional_t<std::is_copy_constructible_v<T>, any_lvalue, any_value>;

template <class T, class Numbers>
constexpr bool takes_these = false;
template <class T, std::size_t... I>
constexpr bool takes_these<T, std::index_sequence<I...>> = requires {
  T{anything_for<T, I>{}...};
};

/// Whether T can be initialised from N values in braces.
template <class T, std::size_t N>
constexpr bool takes = takes_these<T, std::make_index_sequence<N>>;
template <class T>
constexpr bool takes<T, 0> = std::is_default_constructible_v<T>;

template <class T, class Before, class Inside, class After>
constexpr bool takes_nested = false;
template <class T, std::size_t... B, std::size_t... I, std::size_t... A>
constexpr bool takes_nested<T, std::index_sequence<B...>, std::index_sequence<I...>,
                            std::index_sequence<A...>> = requires {
  T{anything_for<T, B>{}..., {anything_for<T, I>{}...}, anything_for<T, A>{}...};
};

/// Whether T can be initialised from `Before` values, two in braces, and `After` values.
template <class T, std::size_t Before, std::size_t After>
constexpr bool takes_pair =
    takes_nested<T, std::make_index_sequence<Before>, std::make_index_sequence<2>,
                 std::make_index_sequence<After>>;

constexpr std::size_t fields_max = 100; // as many as PFR walks

/// The fewest values that T can be initialised from: more than none if a field is a
/// reference or has no default constructor.
template <class T, std::size_t N = 0>
constexpr std::size_t fewest_values() {
  if constexpr (takes<T, N> || N > fields_max)
    return N;
  else
    return fewest_values<T, N + 1>();
}

template <class T, std::size_t N = fewest_values<T>()>
constexpr std::size_t most_values() {
  if constexpr (N <= fields_max && takes<T, N + 1>)
    return most_values<T, N + 1>();
  else
    return N;
}

/// How many values the field that begins at value `At` takes: several if it is a C array,
/// for the braces around it may be left out.
template <class T, std::size_t At, std::size_t Length = 2>
constexpr std::size_t values_of_field() {
  constexpr std::size_t rest = most_values<T>() - At;
  if constexpr (rest < Length)
    return 1;
  else if constexpr (Length == 2 &&
                     (!takes_pair<T, At, 0> || takes_pair<T, At, rest - 1>))
    return 1;
  else if constexpr (takes_pair<T, At, rest - Length>)
    return Length;
  else
    return values_of_field<T, At, Length + 1>();
}

template <class T, std::size_t At = 0>
constexpr std::size_t count_fields() {
  if constexpr (At >= most_values<T>())
    return 0;
  else
    return 1 + count_fields<T, At + values_of_field<T, At>()>();
}

/// Converts to bases of T only.
template <class T>
struct any_base {
  template <class U>
  requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>) operator U() const;
};
template <class T>
concept has_base = requires {
  T{any_base<T>{}};
};

template <class T>
constexpr bool is_tuple = false;
template <class A, class B>
constexpr bool is_tuple<std::pair<A, B>> = true;
template <class First, class... T>
constexpr bool is_tuple<std::tuple<First, T...>> = true;

template <class T>
constexpr std::size_t field_count = count_fields<T>();
template <class A, class B>
constexpr std::size_t field_count<std::pair<A, B>> = 2;
template <class... T>
constexpr std::size_t field_count<std::tuple<T...>> = sizeof...(T);

template <class T>
constexpr auto tie_fields(T& value) {
  constexpr std::size_t count = field_count<std::remove_const_t<T>>;
  return boost::pfr::detail::tie_as_tuple(value, boost::pfr::detail::size_t_<count>{});
}

template <std::size_t I, class T>
constexpr auto& field_of(T& value) {
  if constexpr (is_tuple<std::remove_const_t<T>>)
    return std::get<I>(value);
  else
    return boost::pfr::detail::sequence_tuple::get<I>(tie_fields(value));
}

template <class T, std::size_t I>
using field_type = std::remove_reference_t<decltype(field_of<I>(std::declval<T&>()))>;

template <class T>
constexpr auto field_numbers = std::make_index_sequence<field_count<T>>{};

} // namespace detail

/// Calls `visit(field, std::integral_constant<std::size_t, I>{})` for every field.
template <class T, class Visit>
constexpr void for_each_field(T& value, Visit&& visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (visit(detail::field_of<I>(value), std::integral_constant<std::size_t, I>{}), ...);
  }
  (detail::field_numbers<std::remove_const_t<T>>);
}

/// The same until `visit` returns false; whether it never did.
template <class T, class Visit>
constexpr bool all_fields(T& value, Visit&& visit) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (visit(detail::field_of<I>(value), std::integral_constant<std::size_t, I>{}) &&
            ...);
  }
  (detail::field_numbers<std::remove_const_t<T>>);
}

} // namespace weir
