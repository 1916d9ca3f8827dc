// Records of the targets: with a field of every kind, so that every reader is generated.
#pragma once

#include "serialization/record.hpp"
#include "serialization/text.hpp"

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace weir::fuzz {

struct flat { // fixed in size
  std::uint64_t id;
  std::int16_t change;
  bool last;
  static constexpr std::array weir_fields{"id", "change", "last"};
};

struct note {
  std::string text;
  std::optional<double> weight;
  std::chrono::milliseconds after;
  static constexpr std::array weir_fields{"text", "weight", "after"};
};

struct nested {
  std::vector<note> notes;
  std::array<std::int32_t, 2> corner;
  std::variant<std::monostate, std::uint32_t, std::string, note> choice;
  std::map<std::string, std::vector<std::uint8_t>> by_name;
  std::unordered_map<std::int32_t, std::string> by_number;
  std::map<std::pair<std::string, std::int8_t>, bool> by_pair;
  std::pair<char, float> both;
  std::vector<bool> flags;
  std::chrono::sys_time<std::chrono::microseconds> at;
  std::optional<std::vector<std::optional<std::int64_t>>> deep;
  static constexpr std::array weir_fields{"notes",     "corner",  "choice", "by_name",
                                          "by_number", "by_pair", "both",   "flags",
                                          "at",        "deep"};
};

using several = std::tuple<char, float, std::vector<bool>>;

struct views {
  weir::text name;
  std::uint32_t count;
  std::optional<weir::text> comment;
  static constexpr std::array weir_fields{"name", "count", "comment"};
};

} // namespace weir::fuzz
