// Judges the output of a crash job that has finished: recomputes every record and
// compares.
#pragma once

#include <cstdint>
#include <filesystem>

namespace weir::testing {

struct crash_input {
  std::uint64_t records;
  std::uint64_t keys;
  std::uint64_t seed;
  std::uint32_t parallelism;
  /// It was the same all the time, so that who has read what, and wrote it, is known.
  bool ordered = true;
};

struct findings {
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0; // twice, or never sent at all
  std::uint64_t reordered = 0;

  bool none() const noexcept { return lost == 0 && duplicated == 0 && reordered == 0; }
  findings& operator+=(const findings& other) noexcept;
};

/// `output` is what the job was given as --output.
findings judge(const std::filesystem::path& output, const crash_input& input);

} // namespace weir::testing
