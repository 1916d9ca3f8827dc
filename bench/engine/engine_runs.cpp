#include "bench/engine/engine_runs.hpp"

#include "bench/engine/engine_job.hpp"

namespace weir::bench {

namespace {

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
      },
      /*measure_pauses=*/true); // slices are long here
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
