// The questions about checkpoints: what they cost a job that runs freely, and how long
// one takes when every queue is full. One function per question; bench/README.md has the
// list and the method.

#include "bench/engine/engine_runs.hpp"
#include "bench/engine/pressed_run.hpp"
#include "bench/harness/on_and_off.hpp"
#include "bench/harness/scratch_directory.hpp"
#include "bench/harness/suite.hpp"
#include "bench/harness/warm_memory.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir::bench {

namespace {

using std::chrono::milliseconds;

class checkpoint_suite : suite {
public:
  explicit checkpoint_suite(bench_flags flags) : suite(std::move(flags), "checkpoint") {}

  void ask_all() {
    if (!flags_.quick)
      warm_memory(std::size_t{2} << 30);
    share(milliseconds(1000), 1'000'000);
    share(milliseconds(100), 100'000);
    cost(milliseconds(100), 1'000'000);
    pressed("pressed_unaligned", true, milliseconds(0), 1000);
    pressed("pressed_timeout", true, milliseconds(500), 1500);
    pressed("pressed_aligned", false, milliseconds(0), std::nullopt);
    write_report();
  }

private:
  template <class Run, class Params>
  auto in_scratch(Run run, Params params) const {
    return [this, run, params]() mutable {
      const scratch_directory scratch(flags_.work);
      params.work_directory = scratch.path();
      return run(params);
    };
  }

  /// What share of its rate each side keeps under checkpoints that both keep up with.
  void share(milliseconds interval, std::uint64_t keys) {
    const std::string name = fmt::format("share_{}ms", interval.count());
    if (!flags_.selects(name))
      return;
    question_text text;
    text.unit = "on/off";
    text.goal = ratio_of_at_least(0.9);
    text.score = [](const run_figures& run) { return run.extra.at("share"); };
    text.extras = {"checkpoints", "with", "without"};
    compare(name, std::move(text), interval, keys);
  }

  /// What a checkpoint costs each side where neither keeps up: who makes more of them in
  /// the same time loses no share of its rate by that.
  void cost(milliseconds interval, std::uint64_t keys) {
    const std::string name = fmt::format("cost_{}ms", interval.count());
    if (!flags_.selects(name))
      return;
    question_text text;
    text.unit = "cpu-ms";
    text.less_is_better = true;
    text.goal = ratio_of_at_least(0.9);
    text.score = [](const run_figures& run) { return run.extra.at("checkpoint_cpu_ms"); };
    text.extras = {"checkpoints", "share", "with", "without"};
    compare(name, std::move(text), interval, keys);
  }

  void compare(const std::string& name, question_text text, milliseconds interval,
               std::uint64_t keys) {
    keyed_count_params on;
    on.keys = flags_.quick ? 10'000 : keys;
    on.interval = flags_.quick ? milliseconds(10) : interval;
    on.records = records_for(length(3), [&](std::uint64_t records) {
      on.records = records;
      return in_scratch(keyed_count, on)();
    });
    const auto series =
        run_both([&] { return on_and_off(run_keyed_count, on, flags_.work); },
                 [&] { return on_and_off(keyed_count, on, flags_.work); });
    require_same_checksum(name, series);
    text.name = name;
    text.params = {param("keys", on.keys), param("records", on.records),
                   param("interval_ms", static_cast<std::uint64_t>(on.interval.count()))};
    add(text, series);
  }

  /// How long a checkpoint takes while the sink sleeps and all queues are full; the
  /// engine alone.
  void pressed(const std::string& name, bool unaligned, milliseconds aligned_timeout,
               std::optional<double> at_most_ms) {
    if (!flags_.selects(name) || flags_.kernel_only)
      return;
    pressed_params params;
    params.unaligned = unaligned;
    params.aligned_timeout = aligned_timeout;
    if (flags_.quick)
      params.patience = std::chrono::seconds(2);
    const auto series = run_pairs(in_scratch(run_pressed, params), {},
                                  std::min<std::size_t>(flags_.pairs, 3));
    question_text text;
    text.name = name;
    text.params = {
        param("sink_ms", static_cast<std::uint64_t>(params.sink_per_record.count())),
        param("timeout_ms", static_cast<std::uint64_t>(params.aligned_timeout.count()))};
    text.unit = "ms";
    text.less_is_better = true;
    if (at_most_ms)
      text.goal = at_most(*at_most_ms);
    text.score = [](const run_figures& run) { return run.extra.at("checkpoint_ms"); };
    text.extras = {"completed", "in_flight_mib", "restore_ms"};
    add(text, series);
  }
};

} // namespace

} // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_suite(
      "bench_checkpoint", argc, argv, [](weir::bench::bench_flags flags) {
        weir::bench::checkpoint_suite(std::move(flags)).ask_all();
      });
}
