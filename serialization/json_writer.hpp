// Records as JSON text; json.hpp says how each type is written.
#pragma once

#include "serialization/field_names.hpp"
#include "serialization/map_entries.hpp"
#include "serialization/record.hpp"
#include "serialization/text.hpp"

#include <cmath>
#include <string_view>

namespace weir {

/// Appends `text` in quotes, with what JSON does not allow inside them escaped.
void append_json_text(std::string& out, std::string_view text);

namespace detail {

template <class K>
concept json_key = of_kind<K, record_kind::scalar, record_kind::string,
                           record_kind::duration, record_kind::time>;

template <class T>
void write_json(std::string& out, const T& value);

template <class T>
void write_json_scalar(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, char>)
    append_json_text(out, std::string_view(&value, 1));
  else if constexpr (std::is_enum_v<T>)
    write_json_scalar(out, static_cast<std::underlying_type_t<T>>(value));
  else if constexpr (std::is_floating_point_v<T>)
    std::isfinite(value) ? append_scalar(out, value) : void(out += "null");
  else
    append_scalar(out, value);
}

template <class Map>
void write_json_map(std::string& out, const Map& map) {
  constexpr bool as_object = json_key<typename Map::key_type>;
  const char* separator = "";
  out += as_object ? '{' : '[';
  for_each_entry(map, [&](const auto& key, const auto& value) {
    out += separator;
    separator = ",";
    if constexpr (as_object) {
      std::string name;
      append_text(name, key);
      append_json_text(out, name);
      out += ':';
      write_json(out, value);
    } else {
      out += '[';
      write_json(out, key);
      out += ',';
      write_json(out, value);
      out += ']';
    }
  });
  out += as_object ? '}' : ']';
}

template <class T>
void write_json(std::string& out, const T& value) {
  using enum record_kind;
  if constexpr (of_kind<T, unit>) {
    out += "null";
  } else if constexpr (of_kind<T, scalar>) {
    write_json_scalar(out, value);
  } else if constexpr (of_kind<T, string>) {
    append_json_text(out, value);
  } else if constexpr (of_kind<T, duration, time>) {
    append_text(out, value);
  } else if constexpr (of_kind<T, optional>) {
    value ? write_json(out, *value) : void(out += "null");
  } else if constexpr (of_kind<T, list, array>) {
    const char* separator = "[";
    for (const typename T::value_type& element : value) {
      out += separator;
      write_json(out, element);
      separator = ",";
    }
    out += value.empty() ? "[]" : "]";
  } else if constexpr (of_kind<T, map>) {
    write_json_map(out, value);
  } else if constexpr (of_kind<T, variant>) {
    visit_alternative(value, [&](const auto& held, auto number) {
      out += "{\"index\":" + std::to_string(number()) + ",\"value\":";
      write_json(out, held);
      out += '}';
    });
  } else if constexpr (of_kind<T, tuple>) {
    for_each_field(value, [&](const auto& field, auto number) {
      out += number() == 0 ? '[' : ',';
      write_json(out, field);
    });
    out += ']';
  } else {
    static constexpr auto names = field_names<T>();
    for_each_field(value, [&](const auto& field, auto number) {
      out += number() == 0 ? '{' : ',';
      append_json_text(out, names[number()]);
      out += ':';
      write_json(out, field);
    });
    out += '}';
  }
}

} // namespace detail

} // namespace weir
