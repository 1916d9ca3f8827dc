// The core questions: what does the engine cost beside the loop one would write by hand?
// One function per question; bench/README.md has the list and the method.

#include "bench/engine/engine_runs.hpp"
#include "bench/harness/on_and_off.hpp"
#include "bench/harness/scratch_directory.hpp"
#include "bench/harness/suite.hpp"
#include "bench/harness/warm_memory.hpp"
#include "bench/kernels/rocksdb_get_put.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace weir::bench {

namespace {

using std::chrono::milliseconds;

class core_suite : suite {
public:
  explicit core_suite(bench_flags flags) : suite(std::move(flags), "core") {}

  void ask_all() {
    if (!flags_.quick)
      warm_memory(std::size_t{8} << 30);
    for (const auto keys : {100'000ull, 1'000'000ull, 10'000'000ull}) {
      keyed_count_off(keys);
      keyed_count_durable(keys);
      keyed_count_frequent(keys);
    }
    chain();
    exchange();
    pauses();
    against_rocksdb(1'000'000, 100);
    against_rocksdb(10'000'000, 50);
    write_report();
  }

private:
  std::uint64_t sized(std::uint64_t keys) const {
    return flags_.quick ? keys / 100 : keys;
  }
  milliseconds sized(milliseconds interval) const {
    return flags_.quick ? std::min(interval, milliseconds(10)) : interval;
  }

  template <typename Run>
  auto in_scratch(Run run, keyed_count_params params) const {
    return [this, run, params]() mutable {
      const scratch_directory scratch(flags_.work);
      params.work_directory = scratch.path();
      return run(params);
    };
  }

  keyed_count_params count_params(std::uint64_t keys, milliseconds interval,
                                  double seconds) const {
    keyed_count_params params;
    params.keys = sized(keys);
    params.interval = sized(interval);
    params.records = records_for(length(seconds), [&](std::uint64_t records) {
      params.records = records;
      return in_scratch(keyed_count, params)();
    });
    // With few records per key a run would measure the filling of the table, and end
    // before its first checkpoints have.
    if (!flags_.quick)
      params.records =
          std::max(params.records, params.keys * (interval.count() > 0 ? 30 : 20));
    return params;
  }

  static question_text count_text(const char* name, const keyed_count_params& params) {
    question_text text;
    text.name = name;
    text.params = {
        param("keys", params.keys), param("records", params.records),
        param("interval_ms", static_cast<std::uint64_t>(params.interval.count()))};
    if (params.interval.count() > 0)
      text.extras = {"checkpoints", "max_pause_ms"};
    return text;
  }

  bool selects(const char* name, std::uint64_t keys) const {
    return flags_.selects(fmt::format("{}/{}", name, keys));
  }

  void keyed_count_off(std::uint64_t keys) {
    compare_counts("keyed_count", keys, milliseconds(0), 1.5);
  }

  void keyed_count_durable(std::uint64_t keys) {
    compare_counts("keyed_count_durable", keys, milliseconds(1000), 3);
  }

  void compare_counts(const char* name, std::uint64_t keys, milliseconds interval,
                      double seconds) {
    if (!selects(name, keys))
      return;
    const auto params = count_params(keys, interval, seconds);
    const auto series =
        run_both(in_scratch(run_keyed_count, params), in_scratch(keyed_count, params));
    require_same_checksum(name, series);
    auto text = count_text(name, params);
    text.goal = ratio_of_at_least(0.5);
    add(text, series);
  }

  /// What share of its rate each side keeps under a checkpoint every 100 ms.
  void keyed_count_frequent(std::uint64_t keys) {
    const char* name = "keyed_count_frequent";
    if (!selects(name, keys))
      return;
    const auto on = count_params(keys, milliseconds(100), 3);
    const auto series =
        run_both([&] { return on_and_off(run_keyed_count, on, flags_.work); },
                 [&] { return on_and_off(keyed_count, on, flags_.work); });
    require_same_checksum(name, series);
    auto text = count_text(name, on);
    text.unit = "on/off";
    text.goal = ratio_of_at_least(0.9);
    text.score = [](const run_figures& run) { return run.extra.at("share"); };
    text.extras.insert(text.extras.end(), {"with", "without"});
    add(text, series);
  }

  void chain() {
    if (!flags_.selects("chain"))
      return;
    chain_params params{.keys = 1'000'000};
    params.records = records_for(length(1.5), [&](std::uint64_t records) {
      params.records = records;
      return chain_loop(params);
    });
    compare("chain", 0.5, params, run_chain, chain_loop);
  }

  void exchange() {
    if (!flags_.selects("exchange"))
      return;
    exchange_params params{.keys = 1'000'000};
    params.records = records_for(length(1.5), [&](std::uint64_t records) {
      params.records = records;
      return exchange_actors(params);
    });
    compare("exchange", 0.6, params, run_exchange, exchange_actors);
  }

  template <typename Params, typename Engine, typename Kernel>
  void compare(const char* name, double goal, const Params& params, Engine engine,
               Kernel kernel) {
    const auto series =
        run_both([&] { return engine(params); }, [&] { return kernel(params); });
    require_same_checksum(name, series);
    question_text text;
    text.name = name;
    text.params = {param("keys", params.keys), param("records", params.records)};
    text.goal = ratio_of_at_least(goal);
    add(text, series);
  }

  /// How long a task may be deaf while its state grows; the engine alone.
  void pauses() {
    if (!flags_.selects("pauses") || flags_.kernel_only)
      return;
    keyed_count_params params;
    params.keys = sized(10'000'000ull);
    params.records = params.keys * 6;
    params.interval = sized(milliseconds(100));
    const auto series =
        run_pairs(in_scratch(run_pauses, params), timed_run(), flags_.pairs);
    auto text = count_text("pauses", params);
    text.unit = "ms";
    text.less_is_better = true;
    text.goal = at_most(1);
    text.extras.clear();
    for (const auto* figure :
         {"barrier_pause_p999_ms", "slice_p999_ms", "slice_gap_p999_ms"}) {
      text.name = fmt::format("pauses_{}", figure);
      text.score = [figure](const run_figures& run) { return run.extra.at(figure); };
      add(text, series);
    }
  }

  /// Neither side makes checkpoints here: RocksDB's own log is off as well.
  void against_rocksdb(std::uint64_t keys, double goal) {
    const char* name = "against_rocksdb";
    if (!selects(name, keys))
      return;
    const auto engine = count_params(keys, milliseconds(0), 1.5);
    rocksdb_get_put_params kernel;
    kernel.keys = engine.keys;
    kernel.seconds = flags_.quick ? 0.1 : length(3);
    const auto series = run_both(in_scratch(run_keyed_count, engine), [&] {
      const scratch_directory scratch(flags_.work);
      kernel.work_directory = scratch.path();
      return rocksdb_get_put(kernel);
    });
    auto text = count_text(name, engine);
    text.goal = ratio_of_at_least(goal);
    add(text, series);
  }
};

} // namespace

} // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_suite("bench_core", argc, argv,
                                [](weir::bench::bench_flags flags) {
                                  weir::bench::core_suite(std::move(flags)).ask_all();
                                });
}
