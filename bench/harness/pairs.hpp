// Runs engine and kernel as interleaved pairs, so that both meet the same weather of the
// machine: the order inside a pair alternates, and a pair during which the hypervisor
// took more than 2 % of the CPU time (steal, from /proc/stat) is run again, a bounded
// number of times for the whole series.
#pragma once

#include "bench/harness/figures.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace weir::bench {

using timed_run = std::function<run_figures()>;

struct run_pair {
  std::optional<run_figures> engine;
  std::optional<run_figures> kernel;
  /// Share of all CPU time that was stolen during the pair, 0..1.
  double steal = 0;
};

struct pair_series {
  std::vector<run_pair> pairs;
  std::size_t repeats = 0;
};

/// An empty callable is a side that does not exist: the pair has the other one alone.
pair_series run_pairs(const timed_run& engine, const timed_run& kernel,
                      std::size_t pairs);

struct spread {
  double median = 0;
  double min = 0;
  double max = 0;
};

/// Requires: `values` is not empty.
spread spread_of(std::vector<double> values);

} // namespace weir::bench
