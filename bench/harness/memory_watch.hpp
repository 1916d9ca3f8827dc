// Resident memory of this process over the time of a run.
#pragma once

#include <chrono>
#include <thread>
#include <vector>

namespace weir::bench {

double resident_mib();

/// Samples from construction to `stop`, on a thread of its own.
class memory_watch {
public:
  explicit memory_watch(std::chrono::milliseconds interval);

  struct course {
    double before = 0;
    double peak = 0;
    double first_third = 0; // the means of the first and the last third of the samples
    double last_third = 0;
  };
  course stop();

private:
  double before_;
  std::vector<double> samples_;
  std::jthread sampler_;
};

} // namespace weir::bench
