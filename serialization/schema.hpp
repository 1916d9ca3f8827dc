// A type of records known at run time only: what a file or a batch describes. Rows are
// records of such a type; they are encoded and printed byte for byte as the records are.
// For tools and generic operators: a row costs an allocation per level, a record none.
#pragma once

#include "serialization/record_codec.hpp"
#include "serialization/type_description.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace weir {

enum class schema_kind : std::uint8_t {
  none, // std::monostate
  boolean,
  character,
  signed_number,
  unsigned_number,
  real_number,
  text,
  duration,
  time,
  array,
  list,
  map,
  optional,
  variant,
  structure, // struct, pair, tuple
};

struct record_schema {
  schema_kind kind = schema_kind::none;
  std::uint8_t bytes = 0;              // of a number
  std::size_t count = 0;               // of the elements of an array
  std::string unit = {};               // of a duration or a time: "ms"
  std::vector<std::string> names = {}; // of the fields of a struct, where they are known
  /// The type of the elements, of key and value, of what may be there, of the
  /// alternatives, of the fields, of the count.
  std::vector<record_schema> children = {};
  /// What the fields of a structure hold when nobody has written them, as bytes; empty
  /// where that is not known.
  std::vector<std::vector<std::byte>> defaults = {};

  /// Types are the same whatever their defaults are.
  friend bool operator==(const record_schema& a, const record_schema& b) {
    return a.kind == b.kind && a.bytes == b.bytes && a.count == b.count &&
           a.unit == b.unit && a.names == b.names && a.children == b.children;
  }
};

/// What type_description says about the type: "{u64,string}".
std::string description(const record_schema& type);

/// A value without its type; the schema says what is used of it.
struct row {
  /// Of a number, a duration, a time, text.
  std::variant<std::monostate, bool, char, std::int64_t, std::uint64_t, float, double,
               std::string>
      scalar = {};
  /// Of a variant: which alternative `children` has.
  std::uint8_t alternative = 0;
  /// Elements, fields, the value of an optional or a variant; of a map, key and value in
  /// turn.
  std::vector<row> children = {};

  friend bool operator==(const row&, const row&) = default;
};

/// Appends the bytes of `value`, which is of type `type`.
void encode_row(const record_schema& type, const row& value, std::vector<std::byte>& out);

/// Throws weir::error where the bytes are no row of that type.
row decode_row(const record_schema& type, byte_reader& in);

/// As append_text does for the record.
void append_text(std::string& out, const record_schema& type, const row& value);

template <record T>
record_schema schema_of();

namespace detail {

template <class T>
record_schema schema_of_scalar() {
  if constexpr (std::is_enum_v<T>)
    return schema_of_scalar<std::underlying_type_t<T>>();
  else
    return {.kind = std::is_same_v<T, bool>       ? schema_kind::boolean
                    : std::is_same_v<T, char>     ? schema_kind::character
                    : std::is_floating_point_v<T> ? schema_kind::real_number
                    : std::is_signed_v<T>         ? schema_kind::signed_number
                                                  : schema_kind::unsigned_number,
            .bytes = sizeof(T)};
}

template <class T>
record_schema schema_of_alternative() {
  if constexpr (of_kind<T, record_kind::unit>)
    return {};
  else
    return schema_of<T>();
}

template <class... T>
std::vector<record_schema> schemas_of_alternatives(const std::variant<T...>*) {
  return {schema_of_alternative<T>()...};
}

template <class T>
record_schema schema_of_structure() {
  record_schema made{.kind = schema_kind::structure};
  const T untouched{};
  for_each_field(untouched, [&]<class F>(const F& field, auto) {
    std::vector<std::byte>& bytes = made.defaults.emplace_back();
    bytes.resize(record_codec<F>::size(field));
    record_codec<F>::encode(field, bytes.data());
  });
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (made.children.push_back(schema_of<field_type<T, I>>()), ...);
  }
  (field_numbers<T>);
  if constexpr (of_kind<T, record_kind::aggregate> && has_field_names<T>)
    for (const std::string_view name : field_names<T>())
      made.names.emplace_back(name);
  return made;
}

} // namespace detail

template <record T>
record_schema schema_of() {
  using enum detail::record_kind;
  if constexpr (detail::of_kind<T, scalar>)
    return detail::schema_of_scalar<T>();
  else if constexpr (detail::of_kind<T, string>)
    return {.kind = schema_kind::text};
  else if constexpr (detail::of_kind<T, duration, time>)
    return {.kind = detail::of_kind<T, time> ? schema_kind::time : schema_kind::duration,
            .unit = detail::unit_name(T::period::num, T::period::den),
            .children = {schema_of<typename T::rep>()}};
  else if constexpr (detail::of_kind<T, array>)
    return {.kind = schema_kind::array,
            .count = std::tuple_size_v<T>,
            .children = {schema_of<typename T::value_type>()}};
  else if constexpr (detail::of_kind<T, list>)
    return {.kind = schema_kind::list, .children = {schema_of<typename T::value_type>()}};
  else if constexpr (detail::of_kind<T, map>)
    return {.kind = schema_kind::map,
            .children = {schema_of<typename T::key_type>(),
                         schema_of<typename T::mapped_type>()}};
  else if constexpr (detail::of_kind<T, optional>)
    return {.kind = schema_kind::optional,
            .children = {schema_of<typename T::value_type>()}};
  else if constexpr (detail::of_kind<T, variant>)
    return {.kind = schema_kind::variant,
            .children = detail::schemas_of_alternatives(static_cast<const T*>(nullptr))};
  else
    return detail::schema_of_structure<T>();
}

} // namespace weir
