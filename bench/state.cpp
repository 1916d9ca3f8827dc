// The questions about state in every form. One function per question; bench/README.md has
// the list and the method.

#include "bench/engine/state_runs.hpp"
#include "bench/harness/suite.hpp"
#include "bench/harness/warm_memory.hpp"

namespace weir::bench {

namespace {

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
};

} // namespace

} // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_suite("bench_state", argc, argv,
                                [](weir::bench::bench_flags flags) {
                                  weir::bench::state_suite(std::move(flags)).ask_all();
                                });
}
