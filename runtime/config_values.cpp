#include "runtime/config_values.hpp"

#include "serialization/data_root.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <limits>
#include <sstream>

namespace weir::values {

namespace {

using std::chrono::milliseconds;

// Added to a clock that counts nanoseconds, more would overflow one day; and Flink's
// users write Long.MAX_VALUE for "never".
constexpr milliseconds longest = std::chrono::days(365);

/// A letter of a word, however it is written.
char plain(char letter) {
  return letter == '_'
             ? '-'
             : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

} // namespace

void refuse(const std::string& name, const std::string& value,
            const std::string& wanted) {
  throw error(failure::usage,
              fmt::format("option {} is '{}'; it takes {}", name, value, wanted));
}

std::uint64_t whole_number(const std::string& name, const std::string& value,
                           std::uint64_t min, std::uint64_t max) {
  std::uint64_t read = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, read);
  if (parsed.ec != std::errc{} || parsed.ptr != end || read < min || read > max)
    refuse(name, value, fmt::format("a whole number from {} to {}", min, max));
  return read;
}

double number(const std::string& name, const std::string& value, double min, double max) {
  double read = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, read);
  const bool in_range = read >= min && read <= max; // false for what is no number, too
  if (parsed.ec != std::errc{} || parsed.ptr != end || !in_range)
    refuse(name, value, fmt::format("a number from {} to {}", min, max));
  return read;
}

milliseconds duration(const std::string& name, const std::string& value,
                      std::int64_t min_ms) {
  const std::string wanted = fmt::format(
      "a duration of at least {} ms, such as '500 ms', '10 s' or '2 min'", min_ms);
  std::int64_t read = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, read);
  if (parsed.ec != std::errc{} || read < 0)
    refuse(name, value, wanted);
  std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  while (unit.starts_with(' '))
    unit.remove_prefix(1);
  constexpr named<std::int64_t> units[] = {{"", 1},
                                           {"ms", 1},
                                           {"milli", 1},
                                           {"millis", 1},
                                           {"millisecond", 1},
                                           {"milliseconds", 1},
                                           {"s", 1000},
                                           {"sec", 1000},
                                           {"second", 1000},
                                           {"seconds", 1000},
                                           {"m", 60'000},
                                           {"min", 60'000},
                                           {"minute", 60'000},
                                           {"minutes", 60'000},
                                           {"h", 3'600'000},
                                           {"hour", 3'600'000},
                                           {"hours", 3'600'000},
                                           {"d", 86'400'000},
                                           {"day", 86'400'000},
                                           {"days", 86'400'000}};
  for (const auto& [known, ms] : units)
    if (unit == known) {
      if (read > std::numeric_limits<std::int64_t>::max() / ms)
        break;
      if (read * ms < min_ms)
        break;
      return std::min(milliseconds(read * ms), longest);
    }
  refuse(name, value, wanted);
}

std::optional<std::uint64_t> read_memory_size(const std::string& value) {
  std::uint64_t read = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, read);
  std::string unit(parsed.ptr, end);
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  for (char& letter : unit)
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  constexpr named<int> units[] = {
      {"", 0},   {"b", 0},   {"bytes", 0},      {"k", 10}, {"kb", 10}, {"kibibytes", 10},
      {"m", 20}, {"mb", 20}, {"mebibytes", 20}, {"g", 30}, {"gb", 30}, {"gibibytes", 30},
      {"t", 40}, {"tb", 40}, {"tebibytes", 40}};
  for (const auto& [known, bits] : units)
    if (unit == known && parsed.ec == std::errc{} &&
        read <= std::numeric_limits<std::uint64_t>::max() >> bits)
      return read << bits;
  return std::nullopt;
}

std::uint64_t memory_size(const std::string& name, const std::string& value) {
  const auto read = read_memory_size(value);
  if (!read || *read == 0)
    refuse(name, value, "a size of at least 1 byte, such as '512 kb', '64 mb' or '1 gb'");
  return *read;
}

std::uint64_t memory_size_up_to(const std::string& name, const std::string& value,
                                std::uint64_t max, const char* max_text) {
  const auto read = read_memory_size(value);
  if (!read || *read > max)
    refuse(name, value, fmt::format("a size from 0 to {}, such as '20 kb'", max_text));
  return *read;
}

bool yes_or_no(const std::string& name, const std::string& value) {
  const bool yes = same_word(value, "true");
  if (!yes && !same_word(value, "false"))
    refuse(name, value, "true or false");
  return yes;
}

std::string path(const std::string& name, const std::string& value) {
  const bool has_scheme = value.find("://") != value.npos;
  const std::string read = value.starts_with("file://")  ? value.substr(7)
                           : value.starts_with("file:/") ? value.substr(5)
                                                         : value;
  if (read.empty())
    refuse(name, value, "the path of a directory");
  if (has_scheme && read == value)
    refuse(name, value,
           "a path of this machine, also as file:///path: mount the storage");
  return read;
}

std::string absolute_path(const std::string& name, const std::string& value) {
  std::string read = std::filesystem::path(path(name, value)).lexically_normal().string();
  if (read.ends_with('/'))
    read.pop_back();
  if (!is_data_root(read))
    refuse(name, value,
           "the absolute path of a directory, also as file:///path, or none");
  return read;
}

std::vector<std::string> words_in(const std::string& wanted) {
  std::vector<std::string> words;
  std::istringstream in(wanted);
  for (std::string word; in >> word;)
    if (word != "or")
      words.push_back(word.substr(0, word.find(',')));
  return words;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, plain, plain);
}

} // namespace weir::values
