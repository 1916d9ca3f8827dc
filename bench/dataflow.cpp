// The questions about what flows: text, latency, streams that meet and spread, pressure
// from behind and records that grow, and what a job costs to build. One function per
// question; bench/README.md has the list and the method.

#include "bench/engine/compile_run.hpp"
#include "bench/engine/dataflow_runs.hpp"
#include "bench/harness/scratch_directory.hpp"
#include "bench/harness/suite.hpp"
#include "bench/harness/warm_memory.hpp"
#include "bench/kernels/bare_wakes.hpp"

#include <algorithm>

namespace weir::bench {

namespace {

using std::chrono::milliseconds;

/// A figure of a run by its name.
std::function<double(const run_figures&)> figure(const char* name) {
  return [name](const run_figures& run) { return run.extra.at(name); };
}

class dataflow_suite : suite {
public:
  explicit dataflow_suite(bench_flags flags) : suite(std::move(flags), "dataflow") {}

  void ask_all() {
    if (!flags_.quick)
      warm_memory(std::size_t{2} << 30);
    text();
    latency(milliseconds(2), 5);
    latency(milliseconds(0), 1);
    wakes();
    fan_out("fan_union", fan::united);
    fan_out("fan_broadcast", fan::broadcast);
    fan_out("fan_rebalance", fan::rebalance);
    backpressure();
    expansion("expansion_emit", false);
    expansion("expansion_range", true);
    compile();
    write_report();
  }

private:
  template <typename Params, typename Engine, typename Kernel>
  pair_series compare(const std::string& question, const Params& params, Engine engine,
                      Kernel kernel) const {
    const auto series =
        run_both([&] { return engine(params); }, [&] { return kernel(params); });
    require_same_checksum(question, series);
    return series;
  }

  /// How many records of text a core carries, and that none of them costs an allocation.
  void text() {
    if (!flags_.selects("text"))
      return;
    text_params params{.keys = 100'000};
    params.records = records_for(
        length(3),
        [&](std::uint64_t records) {
          params.records = records;
          return text_actors(params);
        },
        2'000'000);
    const auto series = compare("text", params, run_text, text_actors);
    question_text asked;
    asked.name = "text";
    asked.params = {param("keys", params.keys), param("records", params.records)};
    asked.unit = "M/s per core";
    asked.goal = at_least(5);
    asked.score = [](const run_figures& run) { return 1 / cpu_per_million(run); };
    add(asked, series);
    asked.name = "text_allocations";
    asked.unit = "per record";
    asked.goal = at_most(0.02);
    asked.less_is_better = true;
    asked.score = figure("allocations_per_record");
    asked.extras = {"allocations_warming_up"};
    add(asked, series);
  }

  /// How late records arrive; no more than so many ms for 99 of 100.
  void latency(milliseconds flush, double goal_ms) {
    if (!flags_.selects("latency"))
      return;
    latency_params params{.flush = flush};
    params.records =
        static_cast<std::uint64_t>(static_cast<double>(params.records_per_second) *
                                   (flags_.quick ? 0.3 : length(5)));
    question_text asked;
    asked.name = "latency_p99";
    asked.params = {param("per_second", params.records_per_second),
                    param("flush_ms", static_cast<std::uint64_t>(flush.count())),
                    param("records", params.records)};
    asked.unit = "ms";
    asked.goal = at_most(goal_ms);
    asked.less_is_better = true;
    asked.score = figure("p99_ms");
    asked.extras = {"p50_ms", "p999_ms", "max_ms"};
    add(asked, compare("latency", params, run_latency, latency_actors));
  }

  /// What the other two can be at best, on the machine as it is in these minutes.
  void wakes() {
    if (!flags_.selects("latency"))
      return;
    wake_params params;
    params.seconds = flags_.quick ? 0.3 : length(5);
    const auto series = run_both({}, [&] { return bare_wakes(params); });
    question_text asked;
    asked.name = "latency_machine";
    asked.params = {param("period_us", static_cast<std::uint64_t>(params.period.count())),
                    param("busy_us", static_cast<std::uint64_t>(params.busy.count()))};
    asked.unit = "ms";
    asked.less_is_better = true;
    asked.score = figure("p99_ms");
    asked.extras = {"p50_ms", "p999_ms", "max_ms"};
    add(asked, series);
  }

  void fan_out(const char* name, fan how) {
    if (!flags_.selects(name))
      return;
    fan_params params{.how = how};
    params.records = records_for(length(1.5), [&](std::uint64_t records) {
      params.records = records;
      return fan_actors(params);
    });
    question_text asked;
    asked.name = name;
    asked.params = {param("records", params.records)};
    asked.goal = ratio_of_at_least(0.5);
    add(asked, compare(name, params, run_fan, fan_actors));
  }

  /// Whether memory grows while a sink holds up its source; the engine alone, once.
  void backpressure() {
    if (!flags_.selects("backpressure") || flags_.kernel_only)
      return;
    backpressure_params params;
    params.seconds = flags_.quick ? 1 : length(30);
    const auto series = run_pairs([&] { return run_backpressure(params); }, {}, 1);
    question_text asked;
    asked.name = "backpressure_growth";
    asked.params = {param("times_faster", params.times_faster),
                    param("seconds", static_cast<std::uint64_t>(params.seconds))};
    asked.unit = "MiB";
    asked.goal = at_most(1);
    asked.less_is_better = true;
    asked.score = figure("growth_mib");
    asked.extras = {"first_third_mib", "last_third_mib", "source_alone_m_per_s"};
    add(asked, series);
  }

  /// What a record that becomes a million does to memory and to barriers; the engine
  /// alone.
  void expansion(const std::string& name, bool as_range) {
    if (!flags_.selects(name) || flags_.kernel_only)
      return;
    expansion_params params;
    params.as_range = as_range;
    if (flags_.quick)
      params.copies /= 10;
    params.records =
        static_cast<std::uint64_t>(static_cast<double>(params.records_per_second) *
                                   (flags_.quick ? 0.5 : length(5)));
    const auto series = run_pairs(
        [&] {
          const scratch_directory scratch(flags_.work);
          params.work_directory = scratch.path();
          return run_expansion(params);
        },
        {}, std::min<std::size_t>(flags_.pairs, 3));
    question_text asked;
    asked.name = name + "_growth";
    asked.params = {param("copies", params.copies), param("records", params.records)};
    asked.unit = "MiB";
    asked.goal = at_most(8);
    asked.less_is_better = true;
    asked.score = figure("growth_mib");
    asked.extras = {"slice_max_ms"};
    add(asked, series);
    asked.name = name + "_barrier";
    asked.unit = "ms";
    asked.goal = at_most(10);
    asked.score = figure("barrier_max_ms");
    asked.extras = {"barrier_ms"};
    add(asked, series);
  }

  /// What a job costs to build, and how much of that is parsing.
  void compile() {
    if (!flags_.selects("compile") || flags_.kernel_only)
      return;
    const auto series =
        run_pairs([&] { return run_compile(flags_.quick); }, {}, flags_.quick ? 1 : 3);
    question_text asked;
    asked.name = "compile";
    asked.params = {param("lines", 200)};
    asked.unit = "s of CPU";
    asked.less_is_better = true;
    asked.score = figure("cpu_s");
    asked.extras = {"wall_s"};
    add(asked, series);
    asked.name = "compile_header";
    asked.params = {};
    asked.unit = "lines";
    asked.goal = at_most(120'000);
    asked.score = figure("header_lines");
    asked.extras = {};
    add(asked, series);
  }
};

} // namespace

} // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_suite("bench_dataflow", argc, argv,
                                [](weir::bench::bench_flags flags) {
                                  weir::bench::dataflow_suite(std::move(flags)).ask_all();
                                });
}
