#include "bench/kernels/state_maps.hpp"

#include "bench/kernels/stream.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace weir::bench {

namespace {

/// `change(kept, record)` returns what goes into the checksum.
template <class Kept, class Change>
run_figures change_each(const state_params& params, Change change) {
  boost::unordered_flat_map<std::uint64_t, Kept> states;
  std::uint64_t sum = 0;
  const run_clock clock;
  for (std::uint64_t i = 0; i < params.records; ++i) {
    const record drawn = draw(params.seed, i, params.keys);
    sum += change(states[drawn.key], drawn);
  }
  run_figures figures = clock.stop(params.records);
  figures.checksum = sum;
  return figures;
}

struct pair_of_sums {
  std::uint64_t sum = 0;
  std::uint64_t count = 0;
};

} // namespace

text_of_20::text_of_20(std::uint64_t number) noexcept {
  std::fill_n(characters, sizeof characters, 'x');
  for (std::size_t i = sizeof characters - 8; i < sizeof characters; ++i, number /= 16)
    characters[i] = static_cast<char>('a' + number % 16);
}

run_figures map_states(const state_params& params) {
  switch (params.what) {
  case kept::number:
    return change_each<std::uint64_t>(
        params, [](std::uint64_t& count, const record&) { return ++count; });
  case kept::text:
    return change_each<std::string>(params, [](std::string& text, const record& r) {
      const text_of_20 fresh(static_cast<std::uint64_t>(r.value));
      text.assign(fresh.characters, sizeof fresh.characters);
      return std::uint64_t(text.back());
    });
  case kept::accumulator:
    return change_each<pair_of_sums>(params, [](pair_of_sums& sums, const record& r) {
      sums.sum += static_cast<std::uint64_t>(r.value);
      return sums.sum + ++sums.count;
    });
  case kept::list:
    return change_each<std::vector<std::int64_t>>(
        params, [](std::vector<std::int64_t>& list, const record& r) {
          list.push_back(r.value);
          const std::size_t size = list.size();
          if (size == list_full)
            std::vector<std::int64_t>().swap(list); // it is gone, as in the engine
          return std::uint64_t{size};
        });
  case kept::map:
    break;
  }
  return change_each<std::map<std::uint64_t, std::uint64_t>>(
      params, [](std::map<std::uint64_t, std::uint64_t>& inner, const record& r) {
        return ++inner[static_cast<std::uint64_t>(r.value) % inner_keys];
      });
}

} // namespace weir::bench
