// What the crash job reads: record `number` is the same for the job and for the oracle
// that judges its output.
#pragma once

#include "operators/random.hpp"

#include <cstdint>

namespace weir::testing {

struct crash_record {
  std::uint64_t key;
  std::uint64_t number; // dense: 0, 1, 2, ...
};

inline constexpr std::uint64_t crash_buckets = 16;

inline crash_record make_crash_record(std::uint64_t keys, std::uint64_t number,
                                      random_stream& random) {
  return {random.below(keys), number};
}

inline bool is_kept(const crash_record& record) {
  return record.number % 8 != 3;
}

inline std::uint64_t bucket_of(std::uint64_t key) {
  return key % crash_buckets;
}

} // namespace weir::testing
