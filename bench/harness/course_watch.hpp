// A gauge over the time of a run, and the one that is asked for most: resident memory.
#pragma once

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

namespace weir::bench {

double resident_mib();

/// Samples from construction to `stop`, on a thread of its own.
class course_watch {
public:
  course_watch(std::chrono::milliseconds interval, std::function<double()> gauge);

  struct course {
    double before = 0;
    double peak = 0;
    double first_third = 0; // the means of the first and the last third of the samples
    double last_third = 0;
  };
  course stop();

private:
  std::function<double()> gauge_;
  double before_;
  std::vector<double> samples_;
  std::jthread sampler_;
};

/// Resident memory of this process.
class memory_watch : public course_watch {
public:
  explicit memory_watch(std::chrono::milliseconds interval)
      : course_watch(interval, resident_mib) {}
};

} // namespace weir::bench
