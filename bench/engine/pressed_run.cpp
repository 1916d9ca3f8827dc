#include "bench/engine/pressed_run.hpp"

#include "bench/kernels/stream.hpp"
#include "operators/weir.hpp"
#include "runtime/run.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

namespace weir::bench {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint64_t more_than_anyone_reads = 1'000'000'000;
constexpr std::uint64_t pressed_keys = 100'000;

/// Sleeps for each record, and knows when the first one came.
class sleeping_sink {
public:
  static constexpr bool blocking = true;
  static constexpr bool stateful = false;

  sleeping_sink(std::shared_ptr<std::atomic<clock::rep>> first, milliseconds per_record)
      : first_(std::move(first)), per_record_(per_record) {}

  class instance {
  public:
    instance(std::shared_ptr<std::atomic<clock::rep>> first, milliseconds per_record)
        : first_(std::move(first)), per_record_(per_record) {}
    void start(const operator_start&) {}
    template <class T>
    void write(const T&) {
      clock::rep unset = 0;
      first_->compare_exchange_strong(unset, clock::now().time_since_epoch().count());
      std::this_thread::sleep_for(per_record_);
    }
    void flush() {}
    std::optional<operator_snapshot> snapshot() { return std::nullopt; }
    void finish() {}

  private:
    std::shared_ptr<std::atomic<clock::rep>> first_;
    milliseconds per_record_;
  };

  template <class T>
  instance open(std::uint32_t, std::uint32_t) const {
    return {first_, per_record_};
  }

private:
  std::shared_ptr<std::atomic<clock::rep>> first_;
  milliseconds per_record_;
};

/// Ends the job with its first checkpoint.
class until_checkpoint final : public job_observer {
public:
  explicit until_checkpoint(std::stop_source& stop) : stop_(stop) {}

  void completed(const completed_checkpoint& checkpoint) override {
    const std::lock_guard lock(mutex_);
    if (!first_)
      first_ = checkpoint;
    stop_.request_stop();
  }
  std::optional<completed_checkpoint> first() {
    const std::lock_guard lock(mutex_);
    return first_;
  }

private:
  std::stop_source& stop_;
  std::mutex mutex_;
  std::optional<completed_checkpoint> first_;
};

void define(job& target, const pressed_params& params,
            const std::shared_ptr<std::atomic<clock::rep>>& first) {
  target
      .source("stream", generate(more_than_anyone_reads,
                                 [](std::uint64_t index, random_stream&) {
                                   return draw(1, index, pressed_keys);
                                 }))
      .key_by(&record::key)
      .count("counts")
      .key_by([](const counted<std::uint64_t>& c) { return c.key; })
      .sink("sink", sleeping_sink(first, params.sink_per_record));
}

run_request request_of(const pressed_params& params, std::stop_source& stop) {
  run_request request;
  request.config.parallelism = static_cast<std::uint32_t>(params.parallelism);
  request.config.checkpoint_dir = params.work_directory;
  request.config.retention = checkpoint_retention::on_cancellation; // to restore from
  request.config.unaligned = params.unaligned;
  request.config.aligned_timeout = params.aligned_timeout;
  request.cancel = stop.get_token();
  return request;
}

/// Stops the job when its time is over, unless it has ended before.
class patience {
public:
  patience(std::stop_source& stop, clock::duration limit)
      : thread_([&stop, until = clock::now() + limit](const std::stop_token& over) {
          while (!over.stop_requested() && clock::now() < until)
            std::this_thread::sleep_for(milliseconds(10));
          stop.request_stop();
        }) {}

private:
  std::jthread thread_;
};

std::optional<completed_checkpoint> first_checkpoint(const pressed_params& params) {
  std::stop_source stop;
  until_checkpoint observer(stop);
  job pressed;
  define(pressed, params, std::make_shared<std::atomic<clock::rep>>(0));
  run_request request = request_of(params, stop);
  request.config.checkpoint_interval = params.interval;
  const patience limit(stop, params.interval + params.patience);
  run(pressed, request, observer);
  return observer.first();
}

double restore_milliseconds(const pressed_params& params,
                            const std::filesystem::path& checkpoint) {
  std::stop_source stop;
  const auto first = std::make_shared<std::atomic<clock::rep>>(0);
  job restored;
  define(restored, params, first);
  run_request request = request_of(params, stop);
  request.restore_from = checkpoint;
  const auto began = clock::now();
  std::jthread watch([&](const std::stop_token& over) {
    while (!over.stop_requested() && first->load() == 0)
      std::this_thread::sleep_for(milliseconds(1));
    stop.request_stop();
  });
  job_observer nobody;
  run(restored, request, nobody);
  const clock::duration took(first->load() - began.time_since_epoch().count());
  return std::chrono::duration<double, std::milli>(took).count();
}

} // namespace

run_figures run_pressed(const pressed_params& params) {
  run_clock clock;
  const auto taken = first_checkpoint(params);
  run_figures figures = clock.stop(0);
  figures.extra["completed"] = taken ? 1 : 0;
  figures.extra["checkpoint_ms"] =
      taken ? std::chrono::duration<double, std::milli>(taken->duration).count()
            : std::chrono::duration<double, std::milli>(params.patience).count();
  figures.extra["in_flight_mib"] =
      taken ? static_cast<double>(taken->in_flight_bytes) / (1 << 20) : 0;
  figures.extra["restore_ms"] =
      taken ? restore_milliseconds(params, taken->directory) : 0;
  return figures;
}

} // namespace weir::bench
