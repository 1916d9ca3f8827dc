#include "bench/harness/figures.hpp"

#include <ctime>

namespace weir::bench {

namespace {

double seconds_on(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

} // namespace

void add_quantiles(run_figures& figures, const pause_histogram& pauses) {
  const auto add = [&](const char* name, std::chrono::nanoseconds pause) {
    figures.extra[name] = std::chrono::duration<double, std::milli>(pause).count();
  };
  add("p50_ms", pauses.quantile(0.5));
  add("p99_ms", pauses.quantile(0.99));
  add("p999_ms", pauses.quantile(0.999));
  add("max_ms", pauses.max());
}

double throughput(const run_figures& run) {
  return run.records / run.wall_seconds / 1e6;
}

double cpu_per_million(const run_figures& run) {
  return run.cpu_seconds / run.records * 1e6;
}

double process_cpu_seconds() {
  return seconds_on(CLOCK_PROCESS_CPUTIME_ID);
}

double thread_cpu_seconds() {
  return seconds_on(CLOCK_THREAD_CPUTIME_ID);
}

run_clock::run_clock()
    : wall_(std::chrono::steady_clock::now()), cpu_(process_cpu_seconds()) {}

run_figures run_clock::stop(std::uint64_t records) const {
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - wall_;
  run_figures figures;
  figures.records = static_cast<double>(records);
  figures.wall_seconds = wall.count();
  figures.cpu_seconds = process_cpu_seconds() - cpu_;
  return figures;
}

} // namespace weir::bench
