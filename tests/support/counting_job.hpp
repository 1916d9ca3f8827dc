// The job that is run under seeded schedules and on threads: two keyed folds, the second
// one sensitive to order, behind two exchanges, and sinks in memory.
#pragma once

#include "operators/weir.hpp"

#include <atomic>
#include <compare>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir::testing {

/// What the job emits for every record: how many its key has had, and a checksum of all
/// the counts before it, in their order.
struct running {
  std::uint64_t key;
  std::uint64_t count;
  std::uint64_t checksum;

  auto operator<=>(const running&) const = default;
};

using running_by_key = std::map<std::uint64_t, std::vector<running>>;

/// Where the sinks of both pipelines write.
struct counting_output {
  std::shared_ptr<collected<running>> counted = std::make_shared<collected<running>>();
  std::shared_ptr<collected<running>> brief = std::make_shared<collected<running>>();
};

running_by_key by_key(const counting_output& written);

/// What is wrong with the sequences, in one line; empty if nothing is.
std::string difference(const running_by_key& emitted, const running_by_key& expected);

struct counting_job {
  std::uint64_t records = 0;
  /// Of a second pipeline, at full speed: it ends long before the first one.
  std::uint64_t brief_records = 0;
  std::uint64_t keys = 1;
  std::uint64_t records_per_second = 0; // 0: full speed
  std::uint64_t seed = 1;
  /// If set and true: the job throws, once, half way through its records.
  std::shared_ptr<std::atomic<bool>> failing;

  /// Adds the job, and returns where it will write.
  counting_output build(job& job) const;
  /// What a plain loop over the same records emits.
  running_by_key expected() const;
};

} // namespace weir::testing
