// What a checkpoint or a batch says about the type of its records: fixed.hpp has the
// texts of fixed records, and these are the others:
// "{string,optional<u64>,map<string,f64>}". Frozen: another text is another type.
#pragma once

#include "serialization/record.hpp"

namespace weir {

namespace detail {

/// "ms" for std::milli, "7/3" where there is no name.
std::string unit_name(std::intmax_t numerator, std::intmax_t denominator);

/// Without `+`, which g++ 12 takes for an overlap in large functions.
inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts)
    all.append(part);
  return all;
}

template <class T>
std::string description_of();

template <class... T>
std::string descriptions_of() {
  std::string all;
  ((all.append(all.empty() ? "" : ",").append(description_of<T>())), ...);
  return all;
}

template <class... T>
std::string alternatives_of(const std::variant<T...>*) {
  return descriptions_of<T...>();
}

template <class T, std::size_t... I>
std::string fields_of(std::index_sequence<I...>) {
  return descriptions_of<field_type<T, I>...>();
}

} // namespace detail

template <record T>
requires(!fixed_record<T>) std::string type_description() {
  using enum detail::record_kind;
  if constexpr (detail::of_kind<T, detail::record_kind::string>)
    return "string";
  else if constexpr (detail::of_kind<T, duration, time>)
    return detail::joined({detail::of_kind<T, time> ? "time<" : "duration<",
                           detail::description_of<typename T::rep>(), ",",
                           detail::unit_name(T::period::num, T::period::den), ">"});
  else if constexpr (detail::of_kind<T, array>)
    return detail::joined({"[", detail::description_of<typename T::value_type>(), ";",
                           std::to_string(std::tuple_size_v<T>), "]"});
  else if constexpr (detail::of_kind<T, list>)
    return detail::joined(
        {"list<", detail::description_of<typename T::value_type>(), ">"});
  else if constexpr (detail::of_kind<T, map>)
    return detail::joined(
        {"map<", detail::descriptions_of<typename T::key_type, typename T::mapped_type>(),
         ">"});
  else if constexpr (detail::of_kind<T, optional>)
    return detail::joined(
        {"optional<", detail::description_of<typename T::value_type>(), ">"});
  else if constexpr (detail::of_kind<T, variant>)
    return detail::joined(
        {"variant<", detail::alternatives_of(static_cast<const T*>(nullptr)), ">"});
  else
    return detail::joined({"{", detail::fields_of<T>(detail::field_numbers<T>), "}"});
}

template <class T>
std::string detail::description_of() {
  if constexpr (of_kind<T, record_kind::unit>)
    return "none";
  else
    return type_description<T>();
}

} // namespace weir
