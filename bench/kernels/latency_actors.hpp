// A paced stream through one exchange by bare actors: how late records arrive, counted
// from when they were due and not from when they were sent, so that a source that falls
// behind does not hide what it causes.
#pragma once

#include "bench/harness/figures.hpp"
#include "runtime/pause_histogram.hpp"

#include <chrono>
#include <cstdint>

namespace weir::bench {

/// Also the parameters of the engine's side of the question.
struct latency_params {
  std::uint64_t records_per_second = 500'000; // all sources together
  std::uint64_t records = 0;
  std::uint64_t keys = 100'000;
  std::uint64_t seed = 1;
  std::chrono::milliseconds flush{2};
  std::size_t parallelism = 2;

  /// Those that a consumer does not judge, because the run has just begun.
  std::uint64_t warm_up() const { return records / parallelism / 10; }
};

struct due_record {
  std::uint64_t key;
  std::int64_t due; // in nanoseconds of the steady clock
};

constexpr std::chrono::steady_clock::time_point due_time(const due_record& r) {
  return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(r.due));
}

/// When record `n` of a source with `rate` is due, if the first one was due at `began`.
inline std::chrono::steady_clock::time_point
due_after(std::chrono::steady_clock::time_point began, std::uint64_t n, double rate) {
  return began + std::chrono::nanoseconds(
                     static_cast<std::int64_t>(static_cast<double>(n) * 1e9 / rate));
}

/// How late the records of one consumer were; the checksum is of their keys.
class lateness {
public:
  explicit lateness(std::uint64_t warm_up) : unjudged_(warm_up) {}

  void add(const due_record& r) {
    checksum_ += r.key;
    if (unjudged_ > 0)
      --unjudged_;
    else
      histogram_.record(std::chrono::steady_clock::now() - due_time(r));
  }
  void merge(const lateness& other) {
    checksum_ += other.checksum_;
    histogram_.merge(other.histogram_);
  }

  /// The checksum and "p50_ms", "p99_ms", "p999_ms" and "max_ms".
  void write_to(run_figures& figures) const;

private:
  std::uint64_t unjudged_;
  std::uint64_t checksum_ = 0;
  pause_histogram histogram_;
};

run_figures latency_actors(const latency_params& params);

} // namespace weir::bench
