// Records hashed and handed from two producers to two consumers by bare actors: recycled
// batches and credits, no barrier, no state. What an exchange can cost at best.
#pragma once

#include "bench/harness/figures.hpp"
#include "bench/kernels/stream.hpp"

#include <cstdint>

namespace weir::bench {

/// Also the parameters of the engine's side of the question.
struct exchange_params {
  std::uint64_t keys = 0;
  std::uint64_t records = 0;
  std::uint64_t seed = 1;
  std::size_t parallelism = 2;
};

/// What a consumer adds to the checksum for a record.
constexpr std::uint64_t exchange_weight(record r) {
  return r.key ^ static_cast<std::uint64_t>(r.value);
}

/// The hash that travels with a record is folded too, into the extra figure "hash_fold":
/// whose hash it is differs between engine and kernel, so it is not in the checksum.
run_figures exchange_actors(const exchange_params& params);

} // namespace weir::bench
