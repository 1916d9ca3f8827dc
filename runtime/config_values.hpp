// What may stand behind the `=` of an option, read into a value. Pure; whatever does not
// fit is refused with the option's name and what it takes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::values {

/// Throws failure::usage: `wanted` completes "it takes ...".
[[noreturn]] void refuse(const std::string& name, const std::string& value,
                         const std::string& wanted);

std::uint64_t whole_number(const std::string& name, const std::string& value,
                           std::uint64_t min, std::uint64_t max);
/// "1.5"; both bounds belong to it.
double number(const std::string& name, const std::string& value, double min, double max);
/// "500", "500 ms", "1s", "2 min", "3 hours", "1 d"; a bare number is milliseconds.
std::chrono::milliseconds duration(const std::string& name, const std::string& value,
                                   std::int64_t min_ms);
/// "67108864", "64 mb", "64 MB", "1 g"; a bare number is bytes.
std::uint64_t memory_size(const std::string& name, const std::string& value);
/// The same; none for what is no size.
std::optional<std::uint64_t> read_memory_size(const std::string& value);
/// In capitals or not, as YAML has it.
bool yes_or_no(const std::string& name, const std::string& value);
/// The same, or 0, and not more than `max`, which messages call `max_text`.
std::uint64_t memory_size_up_to(const std::string& name, const std::string& value,
                                std::uint64_t max, const char* max_text);
/// "data", "/data", "file:///data"; no other scheme.
std::string path(const std::string& name, const std::string& value);
/// "/data", "file:///data", as a checkpoint may name it (data_root.hpp).
std::string absolute_path(const std::string& name, const std::string& value);

template <class Value>
using named = std::pair<std::string_view, Value>;

/// In capitals or not, with `-` or `_`: Flink's users write both.
bool same_word(std::string_view a, std::string_view b);

/// "EXACTLY_ONCE" and "AT_LEAST_ONCE" of "EXACTLY_ONCE or AT_LEAST_ONCE".
std::vector<std::string> words_in(const std::string& wanted);

/// One of some words; `wanted` names those that one should write.
template <class Value>
Value one_of(const std::string& name, const std::string& value,
             std::span<const named<Value>> known, const std::string& wanted) {
  for (const auto& [word, meaning] : known)
    if (same_word(word, value))
      return meaning;
  refuse(name, value, wanted);
}

} // namespace weir::values
