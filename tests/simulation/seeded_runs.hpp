// Schedules of a job by seed, and what is wrong with what each of them wrote.
#pragma once

#include "operators/random.hpp"
#include "runtime/caf/simulation.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace weir::testing {

struct seeded_run {
  simulation_report report;
  std::string wrong;
};

/// Runs what `build` adds to a job, all choices drawn from the seed; `build` gets how
/// many records and a directory, and returns what tells what is wrong with the output.
/// `adjust` has the last word on the configuration.
template <class Build, class Adjust>
seeded_run run_seeded(std::uint64_t seed, Build build, Adjust adjust) {
  random_stream draw(seed, 2);
  const temporary_directory scratch(fast_directory());
  job job;
  const auto wrong_with_output = build(job, 1000 + draw.below(3000), scratch.path());
  run_config config;
  config.parallelism = 1 + static_cast<std::uint32_t>(draw.below(4));
  config.checkpoint_interval = std::chrono::milliseconds(1 + draw.below(8));
  config.watermark_interval = std::chrono::milliseconds(1 + draw.below(4));
  config.checkpoint_dir = scratch.path();
  config.restart_attempts = 100;
  config.restart_delay = std::chrono::milliseconds(draw.below(3));

  simulation_options options;
  options.seed = seed;
  options.deaths_max = 3;
  options.death_within_steps = 1000 + static_cast<std::uint32_t>(draw.below(2000));
  options.slice_blocks_max = 1 + static_cast<std::uint32_t>(draw.below(4));
  adjust(config);

  seeded_run result{simulate(job, config, options), {}};
  result.wrong = result.report.problem ? *result.report.problem : wrong_with_output();
  return result;
}

template <class Build>
seeded_run run_seeded(std::uint64_t seed, Build build) {
  return run_seeded(seed, build, [](run_config&) {});
}

struct schedules_tried {
  std::uint64_t schedules = 0;
  std::uint64_t deaths = 0;
  std::uint64_t restores = 0;
  bool one_of_many = false; // the one that was asked for, so sums say nothing
};

/// Runs some schedules, or the one that WEIR_SEED names.
inline schedules_tried check_schedules(seeded_run (*run)(std::uint64_t seed)) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  schedules_tried tried{.schedules = given ? 1U : 6U, .one_of_many = given != nullptr};
  for (std::uint64_t seed = first; seed < first + tried.schedules; ++seed) {
    const seeded_run done = run(seed);
    BOOST_TEST(done.wrong.empty(), "WEIR_SEED=" << seed << ": " << done.wrong);
    tried.deaths += done.report.deaths;
    tried.restores += done.report.restores;
  }
  return tried;
}

} // namespace weir::testing
