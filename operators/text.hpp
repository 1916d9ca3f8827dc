// Records as text for people: numbers as digits, the fields of an aggregate with commas
// between them.
#pragma once

#include "serialization/fixed.hpp"

#include <charconv>
#include <string>

namespace weir {

template <fixed_record T>
void append_text(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    out += value;
  } else if constexpr (std::is_enum_v<T>) {
    append_text(out, static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_arithmetic_v<T>) {
    char digits[64];
    const auto written = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, static_cast<std::size_t>(written.ptr - digits));
  } else if constexpr (detail::is_std_array<T>::value) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0)
        out += ',';
      append_text(out, value[i]);
    }
  } else {
    boost::pfr::for_each_field(value, [&](const auto& field, std::size_t i) {
      if (i > 0)
        out += ',';
      append_text(out, field);
    });
  }
}

} // namespace weir
