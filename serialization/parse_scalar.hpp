// One number, bool, character or enum from its text, for CSV and JSON alike.
#pragma once

#include "serialization/record_kind.hpp"

#include <charconv>
#include <string_view>

namespace weir::detail {

template <class T>
constexpr const char* not_in_range() {
  constexpr bool is_signed = std::is_signed_v<T>;
  if constexpr (sizeof(T) == 1)
    return is_signed ? "is not between -128 and 127" : "is not between 0 and 255";
  else if constexpr (sizeof(T) == 2)
    return is_signed ? "is not between -32768 and 32767" : "is not between 0 and 65535";
  else if constexpr (sizeof(T) == 4)
    return is_signed ? "is not between -2147483648 and 2147483647"
                     : "is not between 0 and 4294967295";
  else
    return is_signed ? "is not between -9223372036854775808 and 9223372036854775807"
                     : "is not between 0 and 18446744073709551615";
}

// One object each, because it is compared by its address.
inline constexpr char no_whole_number[] = "is not a whole number";
inline constexpr char no_real_number[] = "is not a number";

template <class T>
const char* parse_number(std::string_view text, T& value) {
  constexpr const char* no_number =
      std::is_integral_v<T> ? no_whole_number : no_real_number;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec == std::errc::result_out_of_range && parsed.ptr == end)
    return std::is_integral_v<T> ? not_in_range<T>() : "is too large or too small";
  if (parsed.ec == std::errc() && parsed.ptr == end)
    return nullptr;
  std::int64_t negative = 0; // for an unsigned number a sign is no syntax at all
  if (std::is_unsigned_v<T> && text.starts_with('-') &&
      parse_number(text, negative) != no_number)
    return not_in_range<T>();
  return no_number;
}

/// Parses all of `text`. Returns nullptr, or what is wrong as the rest of a sentence that
/// begins with the text: "is not a whole number"; then `value` means nothing.
template <scalar T>
const char* parse_scalar(std::string_view text, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    value = text == "true" || text == "1";
    return value || text == "false" || text == "0" ? nullptr : "is not true or false";
  } else if constexpr (std::is_same_v<T, char>) {
    if (text.size() != 1)
      return "is not a single character";
    value = text[0];
    return nullptr;
  } else if constexpr (std::is_enum_v<T>) {
    std::underlying_type_t<T> number{};
    const char* const problem = parse_scalar(text, number);
    value = static_cast<T>(number);
    return problem;
  } else {
    return parse_number(text, value);
  }
}

} // namespace weir::detail
