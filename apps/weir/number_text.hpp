// Numbers as people read them. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace weir::cli {

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);
/// At most five characters: "0", "999", "12.3k", "4.56M".
std::string compact(double number);
/// "999 B", "1.2 kB", "3.4 MB".
std::string byte_text(std::uint64_t bytes);
/// "0.4 s", "12 s", "3 min 05 s", "2 h 05 min".
std::string duration_text(std::chrono::nanoseconds duration);

/// From one moment to another, in milliseconds since 1970; 0 if that is before, and no
/// more than a century: the moments may come from anywhere.
std::chrono::milliseconds time_between(std::int64_t then_ms, std::int64_t now_ms);

double seconds(std::chrono::nanoseconds duration);
/// Something per second; 0 when no time has passed or it has become less.
double rate(std::uint64_t before, std::uint64_t now, std::chrono::nanoseconds between);

} // namespace weir::cli
