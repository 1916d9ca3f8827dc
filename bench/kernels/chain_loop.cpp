#include "bench/kernels/chain_loop.hpp"

#include <numeric>
#include <thread>
#include <vector>

namespace weir::bench {

namespace {

std::uint64_t run_part(const chain_params& params, index_range part) {
  std::uint64_t sum = 0;
  for (auto i = part.begin; i < part.end; ++i) {
    const auto shifted = chain_map_shift(draw(params.seed, i, params.keys));
    if (!chain_keep_seven_of_eight(shifted))
      continue;
    const auto spread = chain_map_multiply_add(shifted);
    if (!chain_keep_three_of_four(spread))
      continue;
    sum += chain_weight(spread);
  }
  return sum;
}

} // namespace

run_figures chain_loop(const chain_params& params) {
  const run_clock clock;
  std::vector<std::uint64_t> sums(params.sources);
  {
    std::vector<std::jthread> threads;
    for (std::size_t source = 0; source < params.sources; ++source)
      threads.emplace_back([&params, &sums, source] {
        sums[source] = run_part(params, part_of(params.records, source, params.sources));
      });
  }
  auto figures = clock.stop(params.records);
  figures.checksum = std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
  return figures;
}

} // namespace weir::bench
