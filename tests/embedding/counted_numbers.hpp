// The job of several files here: numbers at a rate, counted by key, and every count of
// every key in its output once, whatever happened to it on the way.
#pragma once

#include "operators/weir.hpp"
#include "tests/support/files.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace weir::testing {

struct counted_numbers {
  static constexpr std::uint64_t numbers = 20'000;
  static constexpr std::uint64_t keys = 100;

  struct number {
    std::uint64_t key;
  };

  std::filesystem::path output;
  std::uint64_t per_second; // of each source task; 0: as fast as they go

  /// What comes before the output: a stream of `counted<std::uint64_t>`.
  auto counts(job& job) const {
    const auto make = [](std::uint64_t index, random_stream&) {
      return number{index % keys};
    };
    return job.source("numbers", generate(numbers, make).records_per_second(per_second))
        .key_by(&number::key)
        .count("counts");
  }

  std::vector<std::string> lines() const { return sorted_lines(output); }

  /// What they are in the end.
  static std::vector<std::string> all_lines() {
    std::vector<std::string> lines;
    for (std::uint64_t key = 0; key < keys; ++key)
      for (std::uint64_t count = 1; count <= numbers / keys; ++count)
        lines.push_back(std::to_string(key) + "," + std::to_string(count));
    std::ranges::sort(lines);
    return lines;
  }
};

/// Until some record has taken `flag` back; if none is left to do so, for a minute.
inline void await_taken(const std::atomic<bool>& flag) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (flag && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
}

} // namespace weir::testing
