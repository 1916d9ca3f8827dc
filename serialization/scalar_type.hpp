// From a type that is known at run time to the C++ type of its values, for whoever reads
// or writes rows.
#pragma once

#include "serialization/check.hpp"
#include "serialization/schema.hpp"

#include <cstdint>
#include <type_traits>

namespace weir::detail {

/// How a row holds a T: numbers at their widest.
template <class T>
struct held_as {
  using type = T;
};
template <class T>
requires(std::is_integral_v<T> && !std::is_same_v<T, bool> &&
         !std::is_same_v<T, char>) struct held_as<T> {
  using type = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
};

/// Calls `visit` with a value of the C++ type of a number, a bool or a char.
template <class Visit>
auto with_plain_type(const record_schema& type, Visit visit) {
  using enum schema_kind;
  switch (type.kind) {
  case boolean:
    return visit(bool{});
  case character:
    return visit(char{});
  case real_number:
    WEIR_CHECK(type.bytes <= sizeof(double)); // rows have no long double
    return type.bytes == sizeof(float) ? visit(float{}) : visit(double{});
  case signed_number:
    return type.bytes == 1   ? visit(std::int8_t{})
           : type.bytes == 2 ? visit(std::int16_t{})
           : type.bytes == 4 ? visit(std::int32_t{})
                             : visit(std::int64_t{});
  default:
    WEIR_CHECK(type.kind == unsigned_number);
    return type.bytes == 1   ? visit(std::uint8_t{})
           : type.bytes == 2 ? visit(std::uint16_t{})
           : type.bytes == 4 ? visit(std::uint32_t{})
                             : visit(std::uint64_t{});
  }
}

} // namespace weir::detail
