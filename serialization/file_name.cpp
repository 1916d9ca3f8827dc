#include "serialization/file_name.hpp"

#include <algorithm>

namespace weir {

namespace {

// Not isalnum: that one depends on the locale.
bool allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '.' || c == '_' || c == '-';
}

} // namespace

bool is_file_name(std::string_view name) {
  constexpr std::size_t name_bytes_max = 128;
  return !name.empty() && name.size() <= name_bytes_max && name.front() != '.' &&
         std::ranges::all_of(name, allowed);
}

} // namespace weir
