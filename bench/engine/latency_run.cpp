#include "bench/engine/dataflow_runs.hpp"
#include "bench/engine/engine_job.hpp"

namespace weir::bench {

namespace {

/// A generator whose records say when they were due: at its pace, from the moment when it
/// was first asked for one.
template <class Generator>
class with_due_times {
public:
  with_due_times(Generator generator, std::uint64_t records_per_second)
      : generator_(std::move(generator)), records_per_second_(records_per_second) {
    generator_.records_per_second(records_per_second);
  }

  class instance {
  public:
    using output = due_record;

    instance(typename Generator::instance paced, double rate)
        : paced_(std::move(paced)), rate_(rate) {}

    void start(const operator_start& from) { paced_.start(from); }

    template <class Emit>
    poll_result poll(Emit&& emit, std::size_t records_max, steady_time now) {
      if (!began_)
        began_ = now;
      return paced_.poll(
          [&](const std::uint64_t key) {
            const auto due = due_after(*began_, emitted_++, rate_);
            emit(due_record{key, due.time_since_epoch().count()});
          },
          records_max, now);
    }

    std::vector<std::byte> position() const { return paced_.position(); }

  private:
    typename Generator::instance paced_;
    double rate_;
    std::optional<steady_time> began_;
    std::uint64_t emitted_ = 0;
  };

  instance open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return {generator_.open(subtask, parallelism),
            static_cast<double>(records_per_second_) / parallelism};
  }

private:
  Generator generator_;
  std::uint64_t records_per_second_;
};

/// Where the subtasks of the sink leave what they have seen.
struct all_lateness {
  std::mutex mutex;
  lateness sum{0};
};

class judge_lateness {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = false;

  judge_lateness(std::shared_ptr<verdict> result, all_lateness& all,
                 std::uint64_t warm_up)
      : result_(std::move(result)), all_(&all), warm_up_(warm_up) {}

  class instance {
  public:
    instance(std::shared_ptr<verdict> result, all_lateness& all, std::uint64_t warm_up)
        : result_(std::move(result)), all_(&all),
          seen_(std::make_unique<lateness>(warm_up)) {}
    void start(const operator_start&) {}
    void write(const due_record& record) { seen_->add(record); }
    void flush() {}
    std::optional<operator_snapshot> snapshot() { return std::nullopt; }
    void finish() {
      {
        const std::lock_guard lock(all_->mutex);
        all_->sum.merge(*seen_);
      }
      result_->subtask_finished(0);
    }

  private:
    std::shared_ptr<verdict> result_;
    all_lateness* all_;
    std::unique_ptr<lateness> seen_; // a sink is moved for every block
  };

  template <class T>
  instance open(std::uint32_t, std::uint32_t) const {
    return {result_, *all_, warm_up_};
  }

private:
  std::shared_ptr<verdict> result_;
  all_lateness* all_;
  std::uint64_t warm_up_;
};

} // namespace

run_figures run_latency(const latency_params& params) {
  all_lateness all;
  run_config config;
  config.buffer_timeout = params.flush;
  auto figures =
      run_engine(params.records, params.parallelism, config,
                 [&](job& target, const std::shared_ptr<verdict>& result) {
                   const auto keys =
                       generate(params.records, [keys = params.keys, seed = params.seed](
                                                    std::uint64_t index, random_stream&) {
                         return draw(seed, index, keys).key;
                       });
                   target
                       .source("stream", with_due_times(keys, params.records_per_second))
                       .key_by(&due_record::key)
                       .sink("lateness", judge_lateness(result, all, params.warm_up()));
                 })
          .figures;
  all.sum.write_to(figures);
  return figures;
}

} // namespace weir::bench
