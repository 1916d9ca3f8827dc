// The little JSON a report needs: strings and numbers as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::bench {

/// Quoted and escaped; bytes from 0x80 up pass through as the UTF-8 they are.
std::string json_string(std::string_view text);

/// `null` for a missing value, and for infinities and NaN, which JSON does not have.
std::string json_number(std::optional<double> value);

} // namespace weir::bench
