// The names of the fields of an aggregate. They come from the compiler where it gives
// them (g++ 12 does, clang 14 does not), else, or to be called differently outside, from
// one line in the type:
//
//   struct click {
//     static constexpr std::array weir_fields{"user", "amount"};
//     std::string user_name;
//     std::uint64_t amount;
//   };
#pragma once

#include "serialization/fields.hpp"

#include <array>
#include <string_view>

namespace weir {

namespace detail {

#if defined(__GNUC__) && !defined(__clang__)
constexpr bool compiler_names_fields = true;
#else
constexpr bool compiler_names_fields = false;
#endif

// These two return no string_view: g++ would spell that out at the end of the signature.
template <class T>
constexpr const char* signature_with_type() {
  return __PRETTY_FUNCTION__; // "... [with T = shop::click]"
}
template <auto Field>
constexpr const char* signature_with_field() {
  return __PRETTY_FUNCTION__; // "... [with auto Field = (& ....shop::click::user)]"
}

/// The type as the compiler writes it: "shop::click".
template <class T>
constexpr std::string_view type_name() {
  const std::string_view signature = signature_with_type<T>();
  const std::size_t begin = signature.find("T = ") + 4;
  return signature.substr(begin, signature.rfind(']') - begin);
}

/// Never defined: only the addresses of its fields are taken, as template arguments.
template <class T>
struct object_of {
  T value;
};
template <class T>
extern const object_of<T> some_object;

template <class T, std::size_t I>
constexpr std::string_view compiler_field_name() {
  std::string_view signature = signature_with_field<&field_of<I>(some_object<T>.value)>();
  signature = signature.substr(0, signature.rfind(')'));
  return signature.substr(signature.rfind(':') + 1);
}

template <class T>
concept names_its_fields = requires {
  T::weir_fields;
};

template <class T>
concept has_field_names = names_its_fields<T> || compiler_names_fields;

} // namespace detail

template <class T>
constexpr auto field_names() {
  static_assert(detail::has_field_names<T>,
                "this compiler does not tell the names of fields; add to the type: "
                "static constexpr std::array weir_fields{\"...\"};");
  constexpr std::size_t count = detail::field_count<T>;
  return []<std::size_t... I>(std::index_sequence<I...>)
      ->std::array<std::string_view, count> {
    if constexpr (detail::names_its_fields<T>) {
      static_assert(T::weir_fields.size() == count,
                    "weir_fields has one name for each field");
      return {T::weir_fields[I]...};
    } else {
      return {detail::compiler_field_name<T, I>()...};
    }
  }
  (std::make_index_sequence<count>{});
}

} // namespace weir
