#include "apps/weir/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir::cli {

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, 1, ',');
  return digits;
}

std::string compact(double number) {
  const char* unit = "";
  for (const char* larger : {"k", "M", "G", "T"}) {
    if (number < 999.5)
      break;
    number /= 1000;
    unit = larger;
  }
  if (*unit == '\0' || number >= 99.95)
    return fmt::format("{:.0f}{}", number, unit);
  return fmt::format("{:.{}f}{}", number, number >= 9.995 ? 1 : 2, unit);
}

std::string byte_text(std::uint64_t bytes) {
  if (bytes < 1000)
    return fmt::format("{} B", bytes);
  if (bytes < 1'000'000)
    return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string duration_text(std::chrono::nanoseconds duration) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(duration).count();
  if (whole < 10)
    return fmt::format("{:.1f} s", seconds(duration));
  if (whole < 60)
    return fmt::format("{} s", whole);
  if (whole < 3600)
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::chrono::milliseconds time_between(std::int64_t then_ms, std::int64_t now_ms) {
  constexpr std::chrono::milliseconds century = std::chrono::days(36'525);
  std::int64_t ms = 0;
  if (then_ms >= now_ms)
    return std::chrono::milliseconds(0);
  if (__builtin_sub_overflow(now_ms, then_ms, &ms))
    return century;
  return std::min(std::chrono::milliseconds(ms), century);
}

double seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

double rate(std::uint64_t before, std::uint64_t now, std::chrono::nanoseconds between) {
  if (now <= before || between <= between.zero())
    return 0;
  return static_cast<double>(now - before) / seconds(between);
}

} // namespace weir::cli
