#include "bench/harness/pairs.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

namespace weir::bench {

namespace {

constexpr double steal_max = 0.02;

struct cpu_ticks {
  std::uint64_t all = 0;
  std::uint64_t stolen = 0;
};

/// The sums over all CPUs; zeros where /proc/stat cannot be read, which reads as no
/// steal.
cpu_ticks read_cpu_ticks() {
  std::ifstream stat("/proc/stat");
  std::string label;
  stat >> label;
  cpu_ticks ticks;
  std::uint64_t value = 0;
  // user nice system idle iowait irq softirq steal; guest time is part of user.
  for (int column = 0; column < 8 && stat >> value; ++column) {
    ticks.all += value;
    if (column == 7)
      ticks.stolen = value;
  }
  return ticks;
}

double steal_between(const cpu_ticks& before, const cpu_ticks& after) {
  if (after.all <= before.all)
    return 0;
  return static_cast<double>(after.stolen - before.stolen) /
         static_cast<double>(after.all - before.all);
}

run_pair run_one_pair(const timed_run& engine, const timed_run& kernel,
                      bool engine_first) {
  run_pair pair;
  const auto before = read_cpu_ticks();
  for (const bool engine_turn : {engine_first, !engine_first}) {
    if (engine_turn && engine)
      pair.engine = engine();
    if (!engine_turn && kernel)
      pair.kernel = kernel();
  }
  pair.steal = steal_between(before, read_cpu_ticks());
  return pair;
}

} // namespace

pair_series run_pairs(const timed_run& engine, const timed_run& kernel,
                      std::size_t pairs) {
  pair_series series;
  const std::size_t repeats_max = pairs;
  bool engine_first = true;
  while (series.pairs.size() < pairs) {
    auto pair = run_one_pair(engine, kernel, engine_first);
    if (pair.steal > steal_max && series.repeats < repeats_max) {
      ++series.repeats;
      continue;
    }
    engine_first = !engine_first;
    series.pairs.push_back(std::move(pair));
  }
  return series;
}

spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {median, values.front(), values.back()};
}

} // namespace weir::bench
