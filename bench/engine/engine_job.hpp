// What every run of the engine has: a sink whose last subtask stops the clock, and a job
// that goes through the public API.
#pragma once

#include "bench/harness/figures.hpp"
#include "bench/kernels/stream.hpp"
#include "operators/weir.hpp"
#include "runtime/run.hpp"

#include <memory>
#include <mutex>

namespace weir::bench {

/// Where the subtasks of a sink leave their results; the last one stops the clock.
class verdict {
public:
  verdict(std::uint64_t records, std::size_t subtasks)
      : records_(records), unfinished_(subtasks) {}

  void subtask_finished(std::uint64_t sum) {
    const std::lock_guard lock(mutex_);
    checksum_ += sum;
    if (--unfinished_ == 0) {
      figures_ = clock_.stop(records_);
      figures_.checksum = checksum_;
    }
  }
  run_figures figures() const { return figures_; }

private:
  run_clock clock_;
  std::uint64_t records_;
  std::mutex mutex_;
  std::size_t unfinished_;
  std::uint64_t checksum_ = 0;
  run_figures figures_;
};

/// A sink that adds up a weight of every record.
template <class Weigh>
class add_up {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = false;

  add_up(std::shared_ptr<verdict> result, Weigh weigh)
      : result_(std::move(result)), weigh_(weigh) {}

  class instance {
  public:
    instance(std::shared_ptr<verdict> result, Weigh weigh)
        : result_(std::move(result)), weigh_(weigh) {}
    void start(const operator_start&) {}
    template <class T>
    [[gnu::always_inline]] void write(const T& record) {
      sum_ += weigh_(record);
    }
    void flush() {}
    std::optional<operator_snapshot> snapshot() { return std::nullopt; }
    void finish() { result_->subtask_finished(sum_); }

  private:
    std::shared_ptr<verdict> result_;
    Weigh weigh_;
    std::uint64_t sum_ = 0;
  };

  template <class T>
  instance open(std::uint32_t, std::uint32_t) const {
    return {result_, weigh_};
  }

private:
  std::shared_ptr<verdict> result_;
  Weigh weigh_;
};

/// The records of kernels/stream.hpp from `first` on.
inline auto stream_of(std::uint64_t records, std::uint64_t keys, std::uint64_t seed,
                      std::uint64_t first = 0) {
  return generate(records, [keys, seed, first](std::uint64_t index, random_stream&) {
    return draw(seed, first + index, keys);
  });
}

struct finished_job {
  run_figures figures;
  job_report report;
};

/// Runs `define(job, result)` through the public API.
template <class Define>
finished_job run_engine(std::uint64_t records, std::size_t parallelism, run_config config,
                        Define define, bool measure_pauses = false) {
  const auto result = std::make_shared<verdict>(records, parallelism);
  config.parallelism = static_cast<std::uint32_t>(parallelism);
  config.restart = restart_kind::none; // what fails has no figures
  job defined;
  define(defined, result);
  run_request request;
  request.config = std::move(config);
  request.measure_pauses = measure_pauses;
  job_observer nobody;
  job_report report = run(defined, request, nobody);
  return {result->figures(), std::move(report)};
}

} // namespace weir::bench
