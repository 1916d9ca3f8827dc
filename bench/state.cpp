// The questions about state: what it costs to change, to save and to restore it. One
// function per question; bench/README.md has the list and the method.

#include "bench/engine/durable_run.hpp"
#include "bench/engine/increment_run.hpp"
#include "bench/engine/inspect_runs.hpp"
#include "bench/engine/larger_run.hpp"
#include "bench/engine/restore_runs.hpp"
#include "bench/engine/soak_run.hpp"
#include "bench/engine/state_runs.hpp"
#include "bench/harness/scratch_directory.hpp"
#include "bench/harness/suite.hpp"
#include "bench/harness/warm_memory.hpp"

#include <algorithm>
#include <functional>
#include <string>

namespace weir::bench {

namespace {

/// A figure of a run by its name.
std::function<double(const run_figures&)> figure(std::string name) {
  return [name = std::move(name)](const run_figures& run) { return run.extra.at(name); };
}

double milliseconds(const run_figures& run) {
  return run.wall_seconds * 1e3;
}

class state_suite : suite {
public:
  explicit state_suite(bench_flags flags) : suite(std::move(flags), "state") {}

  void ask_all() {
    if (!flags_.quick)
      warm_memory(std::size_t{2} << 30);
    for (const std::uint64_t keys : {std::uint64_t{100'000}, std::uint64_t{1'000'000}}) {
      access("state_value", kept::number, keys, ratio_of_at_least(0.5));
      access("state_text", kept::text, keys, ratio_of_at_least(0.5));
      access("state_aggregating", kept::accumulator, keys, std::nullopt);
      access("state_list", kept::list, keys, std::nullopt);
      access("state_map", kept::map, keys, std::nullopt);
    }
    durable(16, 1'000'000);
    durable(100, 300'000);
    durable(1000, 50'000);
    increments(false);
    increments(true);
    restore(false);
    restore(true);
    rescale(2, 3);
    rescale(3, 2);
    dump();
    verify();
    for (const bool direct : {true, false}) {
      larger(direct, false, at_least(0.2));
      larger(direct, true, at_least(3));
    }
    soak();
    write_report();
  }

private:
  /// What it costs to find the state of a key and change it.
  void access(const char* name, kept what, std::uint64_t keys,
              std::optional<target> goal) {
    if (flags_.quick)
      keys /= 100;
    const auto question = std::string(name) + "/" + std::to_string(keys);
    if (!flags_.selects(question))
      return;
    state_params params{.what = what, .keys = keys};
    params.records = records_for(
        length(1.5),
        [&](std::uint64_t records) {
          params.records = records;
          return map_states(params);
        },
        200'000);
    const auto series =
        run_both([&] { return run_states(params); }, [&] { return map_states(params); });
    require_same_checksum(question, series);
    question_text asked;
    asked.name = name;
    asked.params = {param("keys", keys), param("records", params.records)};
    asked.unit = "ns per operation";
    asked.goal = goal;
    asked.less_is_better = true;
    asked.score = [](const run_figures& run) { return cpu_per_million(run) * 1e3; };
    add(asked, series);
  }

  /// From the trigger of a checkpoint to durable rows.
  void durable(std::size_t row_bytes, std::uint64_t rows) {
    if (flags_.quick)
      rows /= 50;
    const auto question = "state_durable/" + std::to_string(row_bytes);
    if (!flags_.selects(question))
      return;
    const durable_params params{.row_bytes = row_bytes, .rows = rows};
    const auto below_scratch = [this](const durable_run& run) -> timed_run {
      return [this, run] {
        const scratch_directory scratch(flags_.work);
        return run(scratch.path());
      };
    };
    const auto series = run_both(below_scratch(durable_by_engine(params)),
                                 below_scratch(durable_by_hand(params)));
    require_same_checksum(question, series);
    question_text asked;
    asked.name = "state_durable";
    asked.params = {param("row_bytes", row_bytes), param("rows", rows)};
    asked.unit = "ms";
    asked.goal = ratio_of_at_least(1 / 1.3);
    asked.less_is_better = true;
    asked.score = milliseconds;
    asked.extras = {"encode_ms", "ingest_ms", "snapshot_ms"};
    add(asked, series);
  }

  /// What a checkpoint writes and keeps per byte that has changed; the engine alone.
  void increments(bool scattered) {
    const auto* question =
        scattered ? "state_increments/scattered" : "state_increments/0";
    if (!flags_.selects(question) || flags_.kernel_only)
      return;
    increment_params params;
    params.scattered = scattered;
    if (flags_.quick) {
      params.keys /= 50;
      params.snapshots /= 10;
      params.interval_ms = 0;
    }
    const auto series = run_pairs(
        [&] {
          const scratch_directory scratch(flags_.work);
          params.work_directory = scratch.path();
          return run_increments(params);
        },
        {}, std::min<std::size_t>(flags_.pairs, 3));
    question_text asked;
    asked.params = {param("keys", params.keys), param("snapshots", params.snapshots),
                    param("changed_percent", params.changed_percent),
                    param("interval_ms", params.interval_ms),
                    param("scattered", scattered ? 1 : 0)};
    asked.less_is_better = true;
    const auto answer = [&](const char* what, const char* unit, double most) {
      asked.name = std::string("state_increments_") + what;
      asked.unit = unit;
      asked.goal = at_most(most);
      asked.score = figure(what);
      add(asked, series);
    };
    answer("runs", "per byte", 1.1);
    answer("written", "per byte", 2.5);
    answer("files", "files", 24);
    asked.extras = {"keyed_kib"};
    answer("space", "per live byte", 3.5);
  }

  std::uint64_t saved_count() const { return flags_.quick ? 100'000 : 10'000'000; }

  /// When a restored task has processed a batch, and when it has all rows; the engine
  /// alone.
  void restore(bool cold) {
    const auto* question = cold ? "state_restore/cold" : "state_restore/warm";
    if (!flags_.selects(question) || flags_.kernel_only)
      return;
    const scratch_directory scratch(flags_.work);
    const saved_rows saved(scratch.path(), saved_count(), 1);
    const auto series = run_pairs([&] { return saved.restore(cold); }, {},
                                  std::min<std::size_t>(flags_.pairs, 5));
    question_text asked;
    asked.params = {param("rows", saved_count()), param("cold", cold ? 1 : 0)};
    asked.unit = "ms";
    asked.less_is_better = true;
    asked.name = "state_restore_all";
    asked.score = milliseconds;
    add(asked, series);
    asked.name = "state_restore_first";
    asked.goal =
        at_most(cold ? 150 + static_cast<double>(saved_count()) * 100 / 2e6 : 300);
    asked.score = figure("first_ms");
    asked.extras = {"verify_ms", "open_ms"};
    add(asked, series);
  }

  /// Counts in a state of four times the memory that it may have; the engine alone.
  /// Whether memory and files stay as they are, however long it goes on.
  void soak() {
    if (!flags_.selects("state_soak") || flags_.kernel_only)
      return;
    soak_params params{.records = flags_.quick ? 1'000'000U : 100'000'000U};
    const auto series = run_pairs(
        [&] {
          const scratch_directory scratch(flags_.work);
          params.work_directory = scratch.path();
          return run_soak(params);
        },
        {}, 1);
    question_text asked;
    asked.params = {param("records", params.records), param("keys", params.keys)};
    asked.less_is_better = true;
    const auto answer = [&](const std::string& what, const char* unit, double most,
                            std::vector<std::string> extras) {
      asked.name = "state_soak_" + what;
      asked.unit = unit;
      asked.goal = at_most(most);
      asked.score = figure(what + "_growth");
      asked.extras = std::move(extras);
      add(asked, series);
    };
    answer("memory", "MiB", 16, {"memory_first", "memory_last", "checkpoints"});
    answer("files", "files", 2, {"files_first", "files_last", "files_peak"});
  }

  void larger(bool direct, bool zipf, target goal) {
    const auto question = std::string("state_larger/") + (direct ? "direct" : "cached") +
                          (zipf ? "/zipf" : "/uniform");
    if (!flags_.selects(question) || flags_.kernel_only)
      return;
    larger_params params{
        .memory = std::uint64_t{64} << 20, .zipf = zipf, .direct_io = direct};
    // In memory such a row takes 32 bytes.
    params.keys = params.memory * params.parallelism * 4 / 32;
    if (flags_.quick)
      params.keys /= 100;
    params.records =
        static_cast<std::uint64_t>(length(flags_.quick ? 0.1 : 5) * (zipf ? 2e6 : 2e5));
    const auto series = run_pairs(
        [&] {
          const scratch_directory scratch(flags_.work);
          params.work_directory = scratch.path();
          return run_larger(params);
        },
        {}, std::min<std::size_t>(flags_.pairs, 3));
    question_text asked;
    asked.params = {param("keys", params.keys), param("memory", params.memory),
                    param("zipf", zipf ? 1 : 0), param("direct", direct ? 1 : 0)};
    asked.name = "state_larger";
    asked.unit = "M records/s per core";
    asked.goal = goal;
    asked.score = figure("per_core");
    asked.extras = {"checkpoints"};
    add(asked, series);
    asked.name = "state_larger_memory";
    asked.unit = "% over budget";
    asked.goal = at_most(10);
    asked.less_is_better = true;
    asked.score = figure("over_budget");
    asked.extras = {"peak_mib"};
    add(asked, series);
  }

  /// When subtasks of another number have their rows at hand, and what had to be copied
  /// for that; the engine alone.
  void rescale(std::uint32_t from, std::uint32_t to) {
    if (!flags_.selects("state_rescale") || flags_.kernel_only)
      return;
    const scratch_directory scratch(flags_.work);
    const saved_rows saved(scratch.path(), saved_count(), from);
    const auto series = run_pairs([&] { return saved.rescale(to); }, {}, flags_.pairs);
    question_text asked;
    asked.params = {param("from", from), param("to", to), param("rows", saved_count())};
    asked.less_is_better = true;
    const auto answer = [&](const char* name, const char* what, const char* unit) {
      asked.name = name;
      asked.unit = unit;
      asked.score = figure(what);
      add(asked, series);
    };
    answer("state_rescale_open", "open_ms", "ms");
    answer("state_rescale_first_row", "first_row_ms", "ms");
    asked.goal = at_most(0);
    asked.extras = {"other_bytes"};
    answer("state_rescale_copied", "copied_bytes", "bytes");
  }

  /// How fast `weir state dump` prints small rows; the engine alone.
  void dump() {
    if (!flags_.selects("state_dump") || flags_.kernel_only)
      return;
    const scratch_directory scratch(flags_.work);
    const inspected_checkpoint saved(scratch.path(), saved_count());
    question_text asked;
    asked.name = "state_dump";
    asked.unit = "M rows/s";
    asked.score = throughput;
    for (const bool json : {true, false})
      for (const bool pipe : {false, true}) {
        asked.params = {param("rows", saved_count()), param("json", json ? 1 : 0),
                        param("pipe", pipe ? 1 : 0)};
        if (!flags_.quick)
          asked.goal = at_least(1);
        add(asked, run_pairs([&] { return saved.dump(json, pipe); }, {}, flags_.pairs));
      }
  }

  /// How fast `weir checkpoint verify` reads files in the page cache, beside xxhsum.
  void verify() {
    if (!flags_.selects("checkpoint_verify") || !has_xxhsum())
      return;
    const scratch_directory scratch(flags_.work);
    const inspected_checkpoint saved(scratch.path(), saved_count() * 4);
    question_text asked;
    asked.name = "checkpoint_verify";
    asked.params = {param("rows", saved_count() * 4)};
    asked.unit = "MB/s";
    if (!flags_.quick)
      asked.goal = ratio_of_at_least(0.8);
    asked.score = throughput;
    add(asked, run_both([&] { return saved.verify(); }, [&] { return saved.xxhsum(); }));
  }
};

} // namespace

} // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_suite("bench_state", argc, argv,
                                [](weir::bench::bench_flags flags) {
                                  weir::bench::state_suite(std::move(flags)).ask_all();
                                });
}
