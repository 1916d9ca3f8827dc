#include "bench/harness/course_watch.hpp"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <numeric>

namespace weir::bench {

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  double all = 0;
  double resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

course_watch::course_watch(std::chrono::milliseconds interval,
                           std::function<double()> gauge)
    : gauge_(std::move(gauge)), before_(gauge_()),
      sampler_([this, interval](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        do
          samples_.push_back(gauge_());
        while (!stopped.wait_for(lock, stop, interval,
                                 [&stop] { return stop.stop_requested(); }));
      }) {}

course_watch::course course_watch::stop() {
  sampler_.request_stop();
  sampler_.join();
  const auto third = static_cast<std::ptrdiff_t>((samples_.size() + 2) / 3);
  const auto mean = [third](auto first) {
    return std::accumulate(first, first + third, 0.0) / static_cast<double>(third);
  };
  return {before_, *std::max_element(samples_.begin(), samples_.end()),
          mean(samples_.begin()), mean(samples_.end() - third)};
}

} // namespace weir::bench
