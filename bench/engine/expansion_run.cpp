#include "bench/engine/dataflow_runs.hpp"
#include "bench/engine/engine_job.hpp"
#include "bench/harness/course_watch.hpp"
#include "bench/harness/pairs.hpp"

#include <ranges>

namespace weir::bench {

namespace {

using steady = std::chrono::steady_clock;

/// When barriers left the source and when they reached the sink; one task each.
class barrier_log {
public:
  void left_source() {
    const std::lock_guard lock(mutex_);
    left_.push_back(steady::now());
  }
  void reached_sink() {
    const std::lock_guard lock(mutex_);
    if (took_ms_.size() < left_.size())
      took_ms_.push_back(std::chrono::duration<double, std::milli>(steady::now() -
                                                                   left_[took_ms_.size()])
                             .count());
  }

  const std::vector<double>& took_ms() const { return took_ms_; }

private:
  std::mutex mutex_;
  std::vector<steady::time_point> left_;
  std::vector<double> took_ms_;
};

template <class Source>
class logging_source {
public:
  logging_source(Source source, barrier_log& log) : source_(source), log_(&log) {}

  struct instance : Source::instance {
    barrier_log* log;

    std::vector<std::byte> position() const {
      log->left_source();
      return Source::instance::position();
    }
  };

  instance open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return {source_.open(subtask, parallelism), log_};
  }

private:
  Source source_;
  barrier_log* log_;
};

class logging_sink {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = false;

  logging_sink(std::shared_ptr<verdict> result, barrier_log& log)
      : result_(std::move(result)), log_(&log) {}

  struct instance {
    std::shared_ptr<verdict> result;
    barrier_log* log;
    std::uint64_t sum = 0;

    void start(const operator_start&) {}
    void write(const record& r) { sum += fan_weight(r); }
    void flush() {}
    std::optional<operator_snapshot> snapshot() {
      log->reached_sink();
      return std::nullopt;
    }
    void finish() { result->subtask_finished(sum); }
  };

  template <class T>
  instance open(std::uint32_t, std::uint32_t) const {
    return {result_, log_};
  }

private:
  std::shared_ptr<verdict> result_;
  barrier_log* log_;
};

/// Hands the records of `stream`, many times each, to `use`.
template <class Stream, class Use>
void expanded(const Stream& stream, const expansion_params& params, Use use) {
  const auto copies = params.copies;
  if (params.as_range)
    use(stream.flat_map([copies](const record& r) {
      return std::views::iota(std::uint64_t{0}, copies) |
             std::views::transform([r](std::uint64_t i) {
               return record{r.key + i, r.value};
             });
    }));
  else
    use(stream.template flat_map<record>([copies](const record& r, auto& out) {
      for (std::uint64_t i = 0; i < copies; ++i)
        out.emit({r.key + i, r.value});
    }));
}

} // namespace

run_figures run_expansion(const expansion_params& params) {
  barrier_log barriers;
  run_config config;
  config.checkpoint_interval = params.interval;
  config.checkpoint_dir = params.work_directory.string();
  memory_watch watch(std::chrono::milliseconds(2));
  auto done = run_engine(
      params.records * params.copies, 1, config,
      [&](job& target, const std::shared_ptr<verdict>& result) {
        auto paced = stream_of(params.records, fan_keys, 1);
        paced.records_per_second(params.records_per_second);
        const auto stream =
            target.source("stream", logging_source(paced, barriers)).rebalance();
        expanded(stream, params, [&](const auto& many) {
          many.rebalance().sink("sum", logging_sink(result, barriers));
        });
      },
      /*measure_pauses=*/true);
  const auto memory = watch.stop();
  auto took = barriers.took_ms();
  if (took.empty())
    took.push_back(0);
  const auto delays = spread_of(took);
  auto& figures = done.figures;
  figures.extra["growth_mib"] = memory.peak - memory.before;
  figures.extra["barrier_ms"] = delays.median;
  figures.extra["barrier_max_ms"] = delays.max;
  figures.extra["slice_max_ms"] =
      std::chrono::duration<double, std::milli>(done.report.pauses.slices.max()).count();
  return figures;
}

} // namespace weir::bench
