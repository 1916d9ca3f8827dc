// Records of text handed from two producers to two consumers by bare actors, written
// straight into recycled batches whose strings keep their memory.
#pragma once

#include "bench/harness/figures.hpp"
#include "bench/kernels/text_stream.hpp"

namespace weir::bench {

/// Also the parameters of the engine's side of the question.
struct text_params {
  std::uint64_t keys = 0;
  std::uint64_t records = 0;
  std::uint64_t seed = 1;
  std::size_t parallelism = 2;
};

/// The extra figures count calls of operator new: "allocations_warming_up", until the
/// sources have drawn half of the records, and "allocations_per_record" from then on.
run_figures text_actors(const text_params& params);

} // namespace weir::bench
