// What a task counts while it runs. The task writes, once per block or batch and never
// per record; anybody reads, at any time and without stopping it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace weir {

enum class task_count : std::uint8_t {
  records_in,   // through channels
  bytes_in,     // through channels, or from outside
  records_out,  // through channels
  bytes_out,    // through channels, or to outside
  rows_read,    // records that sources made
  rows_written, // records that sinks were given
  malformed,    // what could not be read as a record and was left out
  late,         // records that came behind the watermark and were left out
};
constexpr std::size_t task_count_kinds = 8;

/// By task_count.
using task_counts = std::array<std::uint64_t, task_count_kinds>;

/// On cache lines of its own, so that counting disturbs no other task.
class alignas(64) task_counters {
public:
  void add(task_count what, std::uint64_t more) noexcept {
    auto& count = counts_[static_cast<std::size_t>(what)];
    count.store(count.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }

  std::uint64_t operator[](task_count what) const noexcept {
    return counts_[static_cast<std::size_t>(what)].load(std::memory_order_relaxed);
  }
  task_counts all() const noexcept {
    task_counts counts;
    for (std::size_t i = 0; i < task_count_kinds; ++i)
      counts[i] = counts_[i].load(std::memory_order_relaxed);
    return counts;
  }
  /// Requires: the task does not run.
  void reset(const task_counts& to) noexcept {
    for (std::size_t i = 0; i < task_count_kinds; ++i)
      counts_[i].store(to[i], std::memory_order_relaxed);
  }

private:
  std::array<std::atomic<std::uint64_t>, task_count_kinds> counts_{};
};

/// Counts what one source or one sink moves, by the block. Its bytes are what it says
/// with `bytes_moved()`, all so far; else a record counts as the size of its type. What
/// it could not read or write as a record it says with `malformed()`, likewise.
class moved_rows {
public:
  /// `counters` may be null: then nobody wants to know.
  moved_rows(task_counters* counters, task_count rows, task_count bytes) noexcept
      : counters_(counters), rows_(rows), bytes_(bytes) {}

  /// What was before the start does not count.
  template <class Device>
  void start(const Device& device) {
    if constexpr (requires { device.bytes_moved(); })
      bytes_so_far_ = device.bytes_moved();
    if constexpr (requires { device.malformed(); })
      malformed_so_far_ = device.malformed();
  }

  template <class T, class Device>
  void add(std::uint64_t rows, const Device& device) {
    if (counters_ == nullptr)
      return;
    counters_->add(rows_, rows);
    if constexpr (requires { device.bytes_moved(); }) {
      const std::uint64_t now = device.bytes_moved();
      counters_->add(bytes_, now - std::exchange(bytes_so_far_, now));
    } else {
      counters_->add(bytes_, rows * sizeof(T));
    }
    if constexpr (requires { device.malformed(); }) {
      const std::uint64_t now = device.malformed();
      counters_->add(task_count::malformed, now - std::exchange(malformed_so_far_, now));
    }
  }

private:
  task_counters* counters_;
  task_count rows_;
  task_count bytes_;
  std::uint64_t bytes_so_far_ = 0;
  std::uint64_t malformed_so_far_ = 0;
};

} // namespace weir
