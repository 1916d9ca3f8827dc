#include "bench/engine/engine_runs.hpp"

#include "operators/weir.hpp"
#include "runtime/run.hpp"

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>

namespace weir::bench {

namespace {

using fold = std::uint64_t;

/// Where the subtasks of a sink leave their results; the last one stops the clock.
class verdict {
public:
  verdict(std::uint64_t records, std::size_t subtasks)
      : records_(records), unfinished_(subtasks) {}

  void subtask_finished(fold sum) {
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
  fold checksum_ = 0;
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
    fold sum_ = 0;
  };

  template <class T>
  instance open(std::uint32_t, std::uint32_t) const {
    return {result_, weigh_};
  }

private:
  std::shared_ptr<verdict> result_;
  Weigh weigh_;
};

auto stream_of(std::uint64_t records, std::uint64_t keys, std::uint64_t seed) {
  return generate(records, [keys, seed](std::uint64_t index, random_stream&) {
    return draw(seed, index, keys);
  });
}

struct finished_job {
  run_figures figures;
  job_report report;
};

/// Runs `define(job, result)` through the public API.
template <class Define>
finished_job run_engine(std::uint64_t records, std::size_t parallelism, run_config config,
                        Define define) {
  const auto result = std::make_shared<verdict>(records, parallelism);
  config.parallelism = static_cast<std::uint32_t>(parallelism);
  job defined;
  define(defined, result);
  run_request request;
  request.config = std::move(config);
  job_observer nobody;
  job_report report = run(defined, request, nobody);
  return {result->figures(), std::move(report)};
}

finished_job count_keys(const keyed_count_params& params) {
  run_config config;
  if (params.interval.count() > 0) {
    config.checkpoint_interval = params.interval;
    config.checkpoint_dir = params.work_directory.string();
  }
  return run_engine(
      params.records, params.parallelism, config,
      [&](job& target, const std::shared_ptr<verdict>& result) {
        target.source("stream", stream_of(params.records, params.keys, params.seed))
            .key_by(&record::key)
            .count("counts")
            .sink("sum",
                  add_up(result, [](const auto& update) { return hash_of(update.key); }));
      });
}

double milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace

run_figures run_keyed_count(const keyed_count_params& params) {
  finished_job done = count_keys(params);
  done.figures.extra["checkpoints"] = static_cast<double>(done.report.checkpoints.size());
  done.figures.extra["max_pause_ms"] = milliseconds(done.report.pauses.barriers.max());
  return done.figures;
}

run_figures run_chain(const chain_params& params) {
  return run_engine(
             params.records, params.sources, {},
             [&](job& target, const std::shared_ptr<verdict>& result) {
               target
                   .source("stream", stream_of(params.records, params.keys, params.seed))
                   // Lambdas, as a user writes them: a function's name would
                   // be passed as a pointer and called through it.
                   .map([](const record& r) { return chain_map_shift(r); })
                   .filter([](const record& r) { return chain_keep_seven_of_eight(r); })
                   .map([](const record& r) { return chain_map_multiply_add(r); })
                   .filter([](const record& r) { return chain_keep_three_of_four(r); })
                   .sink("sum",
                         add_up(result, [](const record& r) { return chain_weight(r); }));
             })
      .figures;
}

run_figures run_exchange(const exchange_params& params) {
  return run_engine(params.records, params.parallelism, {},
                    [&](job& target, const std::shared_ptr<verdict>& result) {
                      target
                          .source("stream",
                                  stream_of(params.records, params.keys, params.seed))
                          .key_by(&record::key)
                          .sink("sum", add_up(result, [](const record& r) {
                                  return exchange_weight(r);
                                }));
                    })
      .figures;
}

run_figures run_pauses(const keyed_count_params& params) {
  finished_job done = count_keys(params);
  const task_pauses& pauses = done.report.pauses;
  done.figures.extra["barrier_pause_p999_ms"] =
      milliseconds(pauses.barriers.quantile(0.999));
  done.figures.extra["slice_p999_ms"] = milliseconds(pauses.slices.quantile(0.999));
  done.figures.extra["slice_gap_p999_ms"] = milliseconds(pauses.gaps.quantile(0.999));
  return done.figures;
}

} // namespace weir::bench
