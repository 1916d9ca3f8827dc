// Which types have a fixed-size encoding, and how their fields are walked. Records are
// plain aggregates; Boost.PFR finds the fields. A type that cannot be encoded is one
// readable error, raised where the concept is used.
#pragma once

#include <boost/pfr/core.hpp>
#include <boost/pfr/tuple_size.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace weir {

namespace detail {

template <class T>
struct is_std_array : std::false_type {};
template <class T, std::size_t N>
struct is_std_array<std::array<T, N>> : std::true_type {};

template <class T>
concept scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

template <class T>
concept walkable_aggregate =
    std::is_aggregate_v<T> && std::is_class_v<T> && !is_std_array<T>::value &&
    !std::is_empty_v<T>;

template <class T, bool Key>
consteval bool fixed_size();

template <class T, bool Key, std::size_t... I>
consteval bool fixed_fields(std::index_sequence<I...>) {
  return (fixed_size<boost::pfr::tuple_element_t<I, T>, Key>() && ...);
}

template <class T, bool Key>
consteval bool fixed_size() {
  if constexpr (scalar<T>)
    return !(Key && std::is_floating_point_v<T>); // NaN and -0.0 make no keys
  else if constexpr (is_std_array<T>::value)
    return fixed_size<typename T::value_type, Key>();
  else if constexpr (walkable_aggregate<T> && std::is_trivially_copyable_v<T>)
    return fixed_fields<T, Key>(std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
  else
    return false;
}

/// The unsigned integer that carries a scalar's bits.
template <class T>
using bits_of = std::conditional_t<
    sizeof(T) == 1, std::uint8_t,
    std::conditional_t<sizeof(T) == 2, std::uint16_t,
                       std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;

} // namespace detail

/// Numbers, enums, std::array of such, and aggregates of such, nested: encodable without
/// a length. (Text and collections are records: record.hpp. A C array never: use
/// std::array.)
template <class T>
concept fixed_record = std::is_object_v<T> && detail::fixed_size<T, false>();

/// A fixed record that may be a key: no floating-point field.
template <class T>
concept fixed_key = fixed_record<T> && detail::fixed_size<T, true>();

/// "u64", "{u64,i64}", "[u8;16]": what a checkpoint says about a type.
template <fixed_record T>
std::string type_description() {
  if constexpr (std::is_enum_v<T>) {
    return type_description<std::underlying_type_t<T>>();
  } else if constexpr (std::is_same_v<T, bool>) {
    return "bool";
  } else if constexpr (std::is_arithmetic_v<T>) {
    const char* letter = std::is_floating_point_v<T> ? "f"
                         : std::is_signed_v<T>       ? "i"
                                                     : "u";
    return std::string(letter).append(std::to_string(sizeof(T) * 8));
  } else if constexpr (detail::is_std_array<T>::value) {
    return std::string("[")
        .append(type_description<typename T::value_type>())
        .append(";")
        .append(std::to_string(std::tuple_size_v<T>))
        .append("]");
  } else {
    std::string fields;
    const auto add = [&fields](const std::string& field) {
      fields.append(fields.empty() ? "{" : ",").append(field);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (add(type_description<boost::pfr::tuple_element_t<I, T>>()), ...);
    }
    (std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
    return fields.append("}");
  }
}

} // namespace weir
