#include "state/inspect/saved_position.hpp"

#include "serialization/json.hpp"
#include "serialization/record_codec.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace weir {

namespace positions {

struct range {
  std::uint64_t next;
  std::uint64_t end;
  static constexpr std::array weir_fields{"next", "end"};
};
struct generated {
  std::vector<range> ranges;
  static constexpr std::array weir_fields{"ranges"};
};
struct stretch {
  std::string path;
  std::uint64_t next;
  std::uint64_t end;
  bool at_line;
  static constexpr std::array weir_fields{"path", "next", "end", "at_line"};
};
struct lines {
  std::vector<stretch> files;
  static constexpr std::array weir_fields{"files"};
};
struct parsed_lines {
  std::vector<stretch> files;
  std::uint64_t malformed;
  static constexpr std::array weir_fields{"files", "malformed"};
};
struct written {
  std::uint64_t bytes;
  static constexpr std::array weir_fields{"bytes"};
};
struct collected {
  std::uint64_t records;
  static constexpr std::array weir_fields{"records"};
};

} // namespace positions

namespace {

template <class Position>
std::string json_text(const Position& position) {
  std::string text;
  append_json(text, position);
  return text;
}

std::uint64_t number_at(std::span<const std::byte> saved, std::size_t at) {
  std::uint64_t number = 0;
  std::memcpy(&number, saved.data() + at, sizeof number);
  return number;
}

/// The stretches of files, and what is behind them; false if that is not what it is.
/// Nothing here throws: the bytes may be anything.
bool take_stretches(std::span<const std::byte>& saved,
                    std::vector<positions::stretch>& files) {
  const auto take = [&](auto& number) {
    if (saved.size() < sizeof number)
      return false;
    std::memcpy(&number, saved.data(), sizeof number);
    saved = saved.subspan(sizeof number);
    return true;
  };
  std::uint32_t count = 0;
  if (!take(count))
    return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    positions::stretch each{};
    std::uint32_t size = 0;
    std::uint8_t at_line = 0;
    if (!take(size) || size == 0 || size > saved.size())
      return false;
    each.path.assign(reinterpret_cast<const char*>(saved.data()), size);
    saved = saved.subspan(size);
    if (!take(each.next) || !take(each.end) || !take(at_line) || at_line > 1)
      return false;
    each.at_line = at_line == 1;
    files.push_back(std::move(each));
  }
  return true;
}

std::optional<std::string> lines_json(std::span<const std::byte> saved) {
  std::vector<positions::stretch> files;
  if (!take_stretches(saved, files))
    return std::nullopt;
  if (saved.empty())
    return json_text(positions::lines{std::move(files)});
  if (saved.size() == sizeof(std::uint64_t))
    return json_text(positions::parsed_lines{std::move(files), number_at(saved, 0)});
  return std::nullopt;
}

std::optional<std::string> ranges_json(std::span<const std::byte> saved) {
  positions::generated all;
  for (std::size_t at = 0; at < saved.size(); at += 2 * sizeof(std::uint64_t))
    all.ranges.push_back(
        {number_at(saved, at), number_at(saved, at + sizeof(std::uint64_t))});
  const bool sound = std::ranges::all_of(
      all.ranges, [](const positions::range& each) { return each.next <= each.end; });
  return sound ? std::optional(json_text(all)) : std::nullopt;
}

} // namespace

std::optional<std::string> position_json(std::span<const std::byte> saved) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  if (auto lines = lines_json(saved))
    return lines;
  if (saved.size() == word)
    return json_text(positions::collected{number_at(saved, 0)});
  if (saved.size() == 3 * word)
    return json_text(positions::written{number_at(saved, 0)});
  if (!saved.empty() && saved.size() % (2 * word) == 0)
    return ranges_json(saved);
  return std::nullopt;
}

} // namespace weir
