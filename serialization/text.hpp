// Records as text for people: numbers as digits, the fields of a struct with commas
// between them, text as it is; nothing for an empty optional; [a,b] for a vector and
// {k:v,k:v} for a map; durations and times as their count. It cannot be read back where
// text contains what separates: serialization/csv.hpp and json.hpp are for that. `Out` is
// a std::string, or what appends like one.
#pragma once

#include "serialization/map_entries.hpp"
#include "serialization/record.hpp"

#include <charconv>
#include <string>

namespace weir {

template <class Out, record T>
void append_text(Out& out, const T& value);

namespace detail {

template <class Out, class T>
void append_number(Out& out, T value) {
  char digits[64];
  const auto written = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, static_cast<std::size_t>(written.ptr - digits));
}

template <class Out, scalar T>
void append_scalar(Out& out, T value) {
  if constexpr (std::is_same_v<T, bool>)
    out += value ? "true" : "false";
  else if constexpr (std::is_same_v<T, char>)
    out += value;
  else if constexpr (std::is_enum_v<T>)
    append_scalar(out, static_cast<std::underlying_type_t<T>>(value));
  else
    append_number(out, value);
}

/// The elements of a vector or an array with commas between them.
template <class Out, class T>
void append_elements(Out& out, const T& elements) {
  const char* separator = "";
  for (const typename T::value_type& element : elements) {
    out += separator;
    append_text(out, element);
    separator = ",";
  }
}

template <class Out, class Map>
void append_entries(Out& out, const Map& map) {
  const char* separator = "";
  out += '{';
  for_each_entry(map, [&](const auto& key, const auto& value) {
    out += separator;
    append_text(out, key);
    out += ':';
    append_text(out, value);
    separator = ",";
  });
  out += '}';
}

} // namespace detail

template <class Out, record T>
void append_text(Out& out, const T& value) {
  using enum detail::record_kind;
  if constexpr (detail::of_kind<T, scalar>) {
    detail::append_scalar(out, value);
  } else if constexpr (detail::of_kind<T, string>) {
    out += value;
  } else if constexpr (detail::of_kind<T, duration, time>) {
    detail::append_number(out, detail::count_of(value));
  } else if constexpr (detail::of_kind<T, array>) {
    detail::append_elements(out, value);
  } else if constexpr (detail::of_kind<T, list>) {
    out += '[';
    detail::append_elements(out, value);
    out += ']';
  } else if constexpr (detail::of_kind<T, map>) {
    detail::append_entries(out, value);
  } else if constexpr (detail::of_kind<T, optional>) {
    if (value)
      append_text(out, *value);
  } else if constexpr (detail::of_kind<T, variant>) {
    detail::visit_alternative(value, [&]<class A>(const A& held, auto) {
      if constexpr (!detail::of_kind<A, unit>)
        append_text(out, held);
    });
  } else {
    for_each_field(value, [&](const auto& field, auto number) {
      if constexpr (number() > 0)
        out += ',';
      append_text(out, field);
    });
  }
}

} // namespace weir
