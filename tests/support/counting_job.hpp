// The job that is run under seeded schedules and on threads: two keyed folds, the second
// one sensitive to order, behind two exchanges, and a sink in memory that is
// exactly-once.
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

/// What the sinks have written, by sink and subtask; outlives every attempt of the job.
using collected = std::vector<std::vector<running>>;

running_by_key by_key(const collected& written);

/// What is wrong with the sequences, in one line; empty if nothing is.
std::string difference(const running_by_key& emitted, const running_by_key& expected);

/// A sink that appends to memory. A snapshot saves the length, a start cuts back to it.
class collect {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = true;

  /// Subtask i writes to the vector at `first` + i.
  collect(std::shared_ptr<collected> into, std::size_t first)
      : into_(std::move(into)), first_(first) {}

  class instance {
  public:
    explicit instance(std::vector<running>& written) : written_(&written) {}

    void start(const operator_start& from);
    void write(const running& record) { written_->push_back(record); }
    void flush() {}
    std::optional<operator_snapshot> snapshot() const;
    void finish() {}

  private:
    std::vector<running>* written_;
  };

  template <std::same_as<running> T>
  instance open(std::uint32_t subtask, std::uint32_t) const {
    return instance(into_->at(first_ + subtask));
  }

private:
  std::shared_ptr<collected> into_;
  std::size_t first_;
};

struct counting_job {
  std::uint64_t records = 0;
  /// Of a second pipeline, at full speed: it ends long before the first one.
  std::uint64_t brief_records = 0;
  std::uint64_t keys = 1;
  std::uint64_t records_per_second = 0; // 0: full speed
  std::uint64_t seed = 1;
  /// If set and true: the job throws, once, half way through its records.
  std::shared_ptr<std::atomic<bool>> failing;

  /// Adds the job at parallelism `subtasks`, and returns where it will write.
  std::shared_ptr<collected> build(job& job, std::size_t subtasks) const;
  /// What a plain loop over the same records emits.
  running_by_key expected() const;
};

} // namespace weir::testing
