#include "bench/engine/dataflow_runs.hpp"
#include "bench/engine/engine_job.hpp"
#include "bench/harness/course_watch.hpp"

#include <thread>

namespace weir::bench {

namespace {

constexpr std::uint64_t pressed_keys = 100'000;

/// Takes its time: sleeps whenever it is ahead of its rate.
class slow_sink {
public:
  static constexpr bool blocking = true;
  static constexpr bool stateful = false;

  slow_sink(std::shared_ptr<verdict> result, double records_per_second)
      : result_(std::move(result)), rate_(records_per_second) {}

  class instance {
  public:
    instance(std::shared_ptr<verdict> result, double rate)
        : result_(std::move(result)), rate_(rate) {}
    void start(const operator_start&) { began_ = std::chrono::steady_clock::now(); }
    void write(const record&) {
      if (++written_ % records_per_sleep == 0)
        std::this_thread::sleep_until(due_after(began_, written_, rate_));
    }
    void flush() {}
    std::optional<operator_snapshot> snapshot() { return std::nullopt; }
    void finish() { result_->subtask_finished(0); }

  private:
    static constexpr std::uint64_t records_per_sleep = 128;

    std::shared_ptr<verdict> result_;
    double rate_; // of this subtask
    std::chrono::steady_clock::time_point began_;
    std::uint64_t written_ = 0;
  };

  template <class T>
  instance open(std::uint32_t, std::uint32_t parallelism) const {
    return {result_, rate_ / parallelism};
  }

private:
  std::shared_ptr<verdict> result_;
  double rate_;
};

/// Records per second from the source to whatever sink `make_sink` makes.
template <class MakeSink>
run_figures run_into(std::uint64_t records, std::size_t parallelism, MakeSink make_sink) {
  return run_engine(records, parallelism, {},
                    [&](job& target, const std::shared_ptr<verdict>& result) {
                      target.source("stream", stream_of(records, pressed_keys, 1))
                          .key_by(&record::key)
                          .sink("sink", make_sink(result));
                    })
      .figures;
}

} // namespace

run_figures run_backpressure(const backpressure_params& params) {
  constexpr std::uint64_t free_records = 20'000'000;
  const auto free = run_into(free_records, params.parallelism, [](auto result) {
    return add_up(result, [](const record& r) { return r.key; });
  });
  const double slow_rate =
      throughput(free) * 1e6 / static_cast<double>(params.times_faster);
  memory_watch watch(std::chrono::milliseconds(20));
  auto figures =
      run_into(static_cast<std::uint64_t>(slow_rate * params.seconds), params.parallelism,
               [slow_rate](auto result) { return slow_sink(result, slow_rate); });
  const auto memory = watch.stop();
  figures.extra["source_alone_m_per_s"] = throughput(free);
  figures.extra["first_third_mib"] = memory.first_third;
  figures.extra["last_third_mib"] = memory.last_third;
  figures.extra["growth_mib"] = memory.last_third - memory.first_third;
  return figures;
}

} // namespace weir::bench
