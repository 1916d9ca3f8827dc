// Two edges from the same tasks into one operator with two inputs, with data in flight on
// both: divided anew among many more tasks.
#include "runtime/caf/simulation.hpp"
#include "tests/scenarios/scenario.hpp"
#include "tests/support/seeds.hpp"

#include <set>

namespace weir::testing::test_same_upstream {

namespace {

struct met {
  std::uint64_t number;
  bool first;
  std::uint64_t of_key; // so many had its key had on this input

  auto operator<=>(const met&) const = default;
};

struct meeting {
  using output = met;
  struct state {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
  };

  void process_first(std::uint64_t number, state& known, auto& out) {
    out.emit({number, true, ++known.first});
  }
  void process_second(std::uint64_t number, state& known, auto& out) {
    out.emit({number, false, ++known.second});
  }
};

constexpr std::uint64_t records = 20'000;
constexpr std::uint64_t keys = 100;

std::shared_ptr<collected<met>> define(job& job) {
  const auto out = std::make_shared<collected<met>>();
  const auto by_number = [](std::uint64_t number) { return number % keys; };
  const auto numbers =
      job.source("numbers",
                 generate(records, [](std::uint64_t i, random_stream&) { return i; }))
          .rebalance()
          .map([](std::uint64_t number) { return number; })
          .share();
  numbers.key_by(by_number)
      .connect(numbers.key_by(by_number))
      .process("meeting", meeting())
      .sink("met", collect(out));
  return out;
}

/// Both inputs have had every number once, and each key as often as it is there.
void check(const collected<met>& written) {
  std::set<std::pair<std::uint64_t, bool>> seen;
  std::set<std::tuple<std::uint64_t, bool, std::uint64_t>> counts;
  for (const met& each : written.all()) {
    BOOST_TEST_REQUIRE(seen.emplace(each.number, each.first).second);
    BOOST_TEST_REQUIRE(
        counts.emplace(each.number % keys, each.first, each.of_key).second);
  }
  BOOST_TEST(seen.size() == 2 * records);
  BOOST_TEST(std::ranges::all_of(
      counts, [](const auto& each) { return std::get<2>(each) <= records / keys; }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(two_edges_from_the_same_tasks)

BOOST_AUTO_TEST_CASE(what_is_in_flight_on_both_is_divided_among_more_tasks) {
  std::uint64_t in_flight = 0, rescaled = 0;
  test::for_each_seed(6, [&](std::uint64_t seed) {
    const scenario at;
    job job;
    const auto written = define(job);
    run_config config;
    config.checkpoint_dir = at.place.path();
    config.checkpoint_interval = std::chrono::milliseconds(1);
    config.restart = restart_kind::none;
    config.parallelism = 2;
    config.unaligned = seed % 3 > 0;
    config.aligned_timeout = std::chrono::milliseconds(seed % 3 - (seed % 3 > 0));
    simulation_options options;
    options.seed = seed;
    options.deaths_max = 1;
    options.death_within_steps = 1'000;
    auto report = simulate(job, config, options);
    for (const completed_checkpoint& each : report.job.checkpoints)
      in_flight += each.in_flight_bytes > 0;
    if (report.problem) {
      config.parallelism = 11;
      options.deaths_max = 0;
      options.seed += 1'000;
      if (!report.job.checkpoints.empty())
        options.restore_from = report.job.checkpoints.back().directory;
      rescaled += options.restore_from.has_value();
      report = simulate(job, config, options);
    }
    BOOST_TEST(report.problem.value_or("") == "");
    check(*written);
  });
  if (std::getenv("WEIR_SEED") == nullptr)
    BOOST_TEST((in_flight > 0 && rescaled > 0));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_same_upstream
