#include "bench/kernels/bare_wakes.hpp"

#include "runtime/pause_histogram.hpp"

#include <thread>
#include <vector>

namespace weir::bench {

namespace {

using steady = std::chrono::steady_clock;

/// One that comes late is late for all that was due meanwhile.
pause_histogram kept_time(const wake_params& params) {
  pause_histogram late;
  const auto periods = static_cast<std::int64_t>(
      params.seconds / std::chrono::duration<double>(params.period).count());
  const auto began = steady::now();
  for (std::int64_t n = 1; n <= periods; ++n) {
    const auto due = began + n * params.period;
    std::this_thread::sleep_until(due);
    auto now = steady::now();
    late.record(now - due);
    while (now < due + params.busy)
      now = steady::now();
  }
  return late;
}

} // namespace

run_figures bare_wakes(const wake_params& params) {
  std::vector<pause_histogram> late(params.threads);
  const run_clock clock;
  {
    std::vector<std::jthread> threads;
    for (pause_histogram& own : late)
      threads.emplace_back([&own, &params] { own = kept_time(params); });
  }
  pause_histogram all;
  for (const pause_histogram& own : late)
    all.merge(own);
  auto figures = clock.stop(all.count());
  add_quantiles(figures, all);
  return figures;
}

} // namespace weir::bench
