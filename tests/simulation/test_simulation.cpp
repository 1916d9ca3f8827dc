// The whole engine under seeded schedules. WEIR_SEED replays one of them and prints every
// step; WEIR_SCHEDULES says how many are tried, WEIR_FIRST_SEED from where on.
#include "tests/simulation/drawn_rules.hpp"
#include "tests/simulation/seeded_runs.hpp"
#include "tests/support/counting_job.hpp"
#include "tests/support/seeds.hpp"

#include <iostream>
#include <limits>
#include <set>

namespace weir::testing::test_simulation {

namespace {

struct simulated_run {
  simulation_report report;
  running_by_key emitted;
  running_by_key expected;
  std::uint64_t records = 0; // of both sources
};

/// A job, its configuration and its schedule, all from `seed`.
simulated_run run_seed(std::uint64_t seed, bool deaths, bool traced = false,
                       bool exactly_once = true) {
  random_stream draw(seed, 1);
  counting_job counting;
  counting.seed = seed;
  counting.records = 8000 + draw.below(32000);
  counting.keys = 1 + draw.below(draw.below(2) == 0 ? 20 : 3000);
  counting.brief_records = draw.below(2) == 0 ? 0 : draw.below(3000);
  if (draw.below(3) != 0)
    counting.records_per_second = 100'000 + draw.below(700'000);

  const temporary_directory scratch(fast_directory());
  run_config config;
  config.parallelism = std::array{1u, 2u, 2u, 3u}[draw.below(4)];
  config.buffer_timeout = std::chrono::milliseconds(1 + draw.below(3));
  config.checkpoint_interval = std::chrono::milliseconds(1 + draw.below(8));
  config.checkpoint_dir = scratch.path();
  config.checkpoints_retained = 1 + static_cast<std::uint32_t>(draw.below(3));
  config.restart_attempts = 100;
  config.restart_delay = std::chrono::milliseconds(draw.below(5));
  draw_checkpoint_rules(draw, config);
  draw_alignment(seed, config);
  config.exactly_once = exactly_once;
  config.unaligned = config.unaligned && exactly_once;

  simulation_options options;
  options.seed = seed;
  options.deaths_max = deaths ? 4 : 0;
  options.death_within_steps = 100 + static_cast<std::uint32_t>(draw.below(900));
  options.slice_blocks_max = 1 + static_cast<std::uint32_t>(draw.below(4));
  options.state_memory = draw.below(2) << 16; // which few rows fit
  if (draw.below(4) == 0) {
    options.failing_uploads_one_in = 8 + static_cast<std::uint32_t>(draw.below(50));
    config.failed_checkpoints_tolerable = std::numeric_limits<std::uint32_t>::max();
  }
  if (traced)
    options.trace = [](const std::string& line) { std::cout << line << '\n'; };

  job job;
  const auto written = counting.build(job);
  simulated_run result{simulate(job, config, options),
                       {},
                       counting.expected(),
                       counting.records + counting.brief_records};
  result.emitted = by_key(written);
  return result;
}

/// Empty if the run was right.
std::string wrong_with(const simulated_run& run) {
  if (run.report.problem)
    return *run.report.problem;
  // What a restart took back and did again is counted once, too.
  const job_figures& figures = run.report.job.figures;
  std::uint64_t expected_rows = 0;
  for (const auto& [key, sequence] : run.expected)
    expected_rows += sequence.size();
  if (figures.rows_read != run.records || figures.rows_written != expected_rows)
    return std::to_string(figures.rows_read) + " rows were counted as read and " +
           std::to_string(figures.rows_written) + " as written instead of " +
           std::to_string(run.records) + " and " + std::to_string(expected_rows);
  return difference(run.emitted, run.expected);
}

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulation)

BOOST_AUTO_TEST_CASE(every_seeded_schedule_with_deaths_gives_the_undisturbed_result) {
  const bool replay = std::getenv("WEIR_SEED") != nullptr;
  const std::uint64_t first = number_from("WEIR_SEED", number_from("WEIR_FIRST_SEED", 1));
  const std::uint64_t schedules = replay ? 1 : number_from("WEIR_SCHEDULES", 50);
  std::uint64_t deaths = 0, restores = 0, checkpoints = 0, attempts = 0, steps = 0;
  std::uint64_t with_data_in_flight = 0;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = first; seed < first + schedules; ++seed) {
    const simulated_run run = run_seed(seed, true, replay);
    const std::string wrong = wrong_with(run);
    BOOST_TEST(wrong.empty(), "WEIR_SEED=" << seed << ": " << wrong);
    deaths += run.report.deaths;
    restores += run.report.restores;
    checkpoints += run.report.job.checkpoints.size();
    for (const completed_checkpoint& each : run.report.job.checkpoints)
      with_data_in_flight += each.in_flight_bytes > 0;
    failed += run.report.job.checkpoints_failed;
    attempts += run.report.job.attempts;
    steps += run.report.steps;
  }
  std::cout << schedules << " schedules: " << steps << " steps, " << deaths << " deaths, "
            << attempts << " attempts, " << restores << " restores, " << checkpoints
            << " checkpoints, " << with_data_in_flight << " of them with data in flight, "
            << failed << " given up\n";
  if (schedules < 50)
    return;
  // The schedules are worth something only if things happen in them.
  BOOST_TEST(deaths > schedules);
  BOOST_TEST(restores > schedules / 2);
  BOOST_TEST(checkpoints > 2 * schedules);
  BOOST_TEST(failed > schedules / 10);
  BOOST_TEST(with_data_in_flight > schedules / 4);
}

BOOST_AUTO_TEST_CASE(a_schedule_without_deaths_gives_the_result_of_a_plain_loop) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const simulated_run run = run_seed(seed, false);
    const std::string wrong = wrong_with(run);
    BOOST_TEST(wrong.empty(), "seed " << seed << ": " << wrong);
    BOOST_TEST((run.report.job.attempts == 1u || run.report.job.checkpoints_failed > 0));
  }
}

BOOST_AUTO_TEST_CASE(at_least_once_no_record_is_lost_whoever_dies) {
  std::uint64_t repeated = 0;
  test::for_each_seed(6, [&](std::uint64_t seed) {
    const simulated_run run = run_seed(seed, true, false, /*exactly_once=*/false);
    BOOST_TEST(run.report.problem.value_or("") == "");
    for (const auto& [key, sequence] : run.expected) {
      const auto emitted = run.emitted.find(key);
      BOOST_REQUIRE(emitted != run.emitted.end());
      const std::uint64_t counted = emitted->second.back().count;
      BOOST_TEST(counted >= sequence.back().count);
      repeated += counted > sequence.back().count;
    }
  });
  if (std::getenv("WEIR_SEED") == nullptr)
    BOOST_TEST(repeated > 0U); // it is less than exactly once
}

BOOST_AUTO_TEST_CASE(a_seed_replays_its_trace_exactly) {
  std::set<std::uint64_t> traces;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const simulated_run once = run_seed(seed, true);
    const simulated_run again = run_seed(seed, true);
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(once.report.trace_hash == again.report.trace_hash);
      BOOST_TEST(once.report.steps == again.report.steps);
      BOOST_TEST(once.report.deaths == again.report.deaths);
    }
    traces.insert(once.report.trace_hash);
  }
  BOOST_TEST(traces.size() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_simulation
