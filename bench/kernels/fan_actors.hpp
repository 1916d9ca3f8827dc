// Streams that meet and streams that spread, by bare actors: a union of two streams,
// every record to all consumers, and every record to the next one in turn.
#pragma once

#include "bench/harness/figures.hpp"
#include "bench/kernels/stream.hpp"

#include <cstdint>

namespace weir::bench {

enum class fan { united, broadcast, rebalance };

/// Also the parameters of the engine's side of the question.
struct fan_params {
  fan how = fan::united;
  std::uint64_t records = 0; // drawn; all streams together
  std::uint64_t seed = 1;
  std::size_t parallelism = 2; // of each stream, and of whoever reads
};

/// The keys play no part here.
inline constexpr std::uint64_t fan_keys = 1'000'000;

/// What a consumer adds to the checksum for a record.
constexpr std::uint64_t fan_weight(record r) {
  return r.key ^ static_cast<std::uint64_t>(r.value);
}

run_figures fan_actors(const fan_params& params);

} // namespace weir::bench
