#include "bench/engine/larger_run.hpp"

#include "bench/engine/engine_job.hpp"
#include "bench/harness/course_watch.hpp"
#include "bench/kernels/zipf.hpp"

#include <atomic>

namespace weir::bench {

namespace {

/// Starts a clock when so many records have been counted.
class halfway {
public:
  explicit halfway(std::uint64_t records) : left_(records) {}

  void pass(std::uint64_t records) {
    if (left_.fetch_sub(static_cast<std::int64_t>(records)) <=
            static_cast<std::int64_t>(records) &&
        !began_.exchange(true))
      clock_ = run_clock();
  }
  const run_clock& clock() const noexcept { return clock_; }

private:
  std::atomic<std::int64_t> left_;
  std::atomic<bool> began_{false};
  run_clock clock_;
};

/// The weight of a count; many records are noted at once.
struct noted_count {
  static constexpr std::uint64_t at_once = 256;

  std::shared_ptr<halfway> timed;
  std::uint64_t seen = 0;

  std::uint64_t operator()(const counted<std::uint64_t>& update) {
    if (++seen % at_once == 0)
      timed->pass(at_once);
    return update.count;
  }
};

} // namespace

run_figures run_larger(const larger_params& params) {
  run_config config;
  config.state_memory_per_slot = params.memory;
  config.state_direct_io = params.direct_io;
  config.checkpoint_interval = std::chrono::seconds(10);
  config.checkpoint_dir = params.work_directory.string();
  const std::uint64_t records = params.keys + params.records;
  const zipf_ranks ranks(params.keys, 0.99);
  const auto timed = std::make_shared<halfway>(params.keys);
  memory_watch memory(std::chrono::milliseconds(50));
  // Each source begins with its part of all keys.
  const std::uint64_t of_source = records / params.parallelism;
  const std::uint64_t once = params.keys / params.parallelism;
  const auto draw_key = [=](std::uint64_t index, random_stream& random) {
    const std::uint64_t at = index % of_source;
    const std::uint64_t rank = at < once     ? index / of_source * once + at
                               : params.zipf ? ranks.draw(random)
                                             : random.below(params.keys);
    return hash_of(rank); // the frequent ones are anywhere
  };
  const finished_job done =
      run_engine(records, params.parallelism, config,
                 [&](job& target, const std::shared_ptr<verdict>& result) {
                   target.source("keys", generate(records, draw_key))
                       .key_by([](std::uint64_t key) { return key; })
                       .count("counts")
                       .sink("sum", add_up(result, noted_count{timed}));
                 });
  const memory_watch::course course = memory.stop();
  run_figures figures = timed->clock().stop(params.records);
  const double allowed = static_cast<double>(params.memory * params.parallelism) / 0x1p20;
  figures.extra = {
      {"per_core", throughput(figures) / static_cast<double>(params.parallelism)},
      {"over_budget", (course.peak - course.before - allowed) / allowed * 100},
      {"peak_mib", course.peak - course.before},
      {"checkpoints", static_cast<double>(done.report.checkpoints.size())}};
  return figures;
}

} // namespace weir::bench
