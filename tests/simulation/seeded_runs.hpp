// Schedules of a job by seed, and what is wrong with what each of them wrote.
#pragma once

#include "operators/random.hpp"
#include "runtime/caf/simulation.hpp"
#include "tests/simulation/drawn_rules.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <cstdlib>

namespace weir::testing {

struct seeded_run {
  simulation_report report;
  std::string wrong;
  std::uint32_t stops = 0; // with a savepoint
};

/// Half of all runs let barriers overtake: at once, or when they have waited for a while.
inline void draw_alignment(std::uint64_t seed, run_config& config) {
  random_stream draw(seed, 4);
  config.unaligned = draw.below(2) == 0;
  config.aligned_timeout = std::chrono::milliseconds(draw.below(2) * draw.below(4));
  if (config.unaligned)
    config.checkpoints_concurrent = 1;
}

/// Runs what `build` adds to a job, all choices drawn from the seed; `build` gets how
/// many records and a directory, and returns what tells what is wrong with the output.
/// `adjust` has the last word on the configuration, and on the schedule if it takes that.
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
  draw_checkpoint_rules(draw, config);

  simulation_options options;
  options.seed = seed;
  options.deaths_max = 3;
  options.death_within_steps = 1000 + static_cast<std::uint32_t>(draw.below(2000));
  options.slice_blocks_max = 1 + static_cast<std::uint32_t>(draw.below(4));
  options.state_memory = draw.below(2) << 16;
  draw_alignment(seed, config);
  if constexpr (std::invocable<Adjust, run_config&, simulation_options&>)
    adjust(config, options);
  else
    adjust(config);

  seeded_run result{simulate(job, config, options), {}};
  result.wrong = result.report.problem ? *result.report.problem : wrong_with_output();
  return result;
}

template <class Build>
seeded_run run_seeded(std::uint64_t seed, Build build) {
  return run_seeded(seed, build, [](run_config&) {});
}

/// The newest complete checkpoint of a simulated job; `otherwise` if it has none.
inline std::optional<std::filesystem::path>
newest_checkpoint(const std::filesystem::path& job,
                  std::optional<std::filesystem::path> otherwise) {
  if (!std::filesystem::exists(job)) // it has left nothing
    return otherwise;
  const auto taken = checkpoints_in(job);
  return taken.empty() ? otherwise : taken.back();
}

/// What is asked of a job at some step of a run that is about so long.
inline void draw_order(random_stream& draw, std::uint64_t steps, after_savepoint then,
                       const std::filesystem::path& root, simulation_options& options) {
  options.orders[1 + draw.below(steps)] = std::make_shared<savepoint_order>(
      savepoint_order{root, then, [](const savepoint_result&) {}});
}

/// Checkpoints that somebody asks for in between, full ones among them.
inline void draw_checkpoint_orders(std::uint64_t seed, std::uint64_t steps,
                                   simulation_options& options) {
  random_stream draw(seed, 5); // one of its own, so that the rest is as it was
  options.checkpoint_orders.clear();
  for (std::uint64_t left = draw.below(3); left > 0; --left)
    options.checkpoint_orders[1 + draw.below(steps)] =
        std::make_shared<checkpoint_order>(checkpoint_order{
            draw.below(3) == 0 ? checkpoint_form::as_configured : checkpoint_form::full,
            [](const savepoint_result&) {}});
}

/// The same with a death or a savepoint that ends the job each time, and then at another
/// parallelism, from its newest checkpoint or, with another backend, from the savepoint,
/// until it comes through.
template <class Build>
seeded_run run_rescaled(std::uint64_t seed, Build build) {
  random_stream draw(seed, 3);
  const temporary_directory scratch(fast_directory());
  const std::uint64_t records = 1000 + draw.below(3000);
  run_config config;
  config.checkpoint_dir = scratch.path();
  config.restart = restart_kind::none;
  const auto draw_backend = [&] {
    return std::array{backend_kind::rocksdb, backend_kind::rocksdb,
                      backend_kind::filesystem, backend_kind::memory}[draw.below(4)];
  };
  config.state_backend = draw_backend();
  simulation_options options;
  seeded_run result;
  std::optional<job> resumed;
  std::function<std::string()> wrong_with_output;
  for (std::uint32_t run = 0; run < 6; ++run) {
    if (!options.restore_from) // its sinks in memory begin again, too
      wrong_with_output = build(resumed.emplace(), records, scratch.path());
    config.parallelism = 1 + static_cast<std::uint32_t>(draw.below(5));
    config.checkpoint_interval = std::chrono::milliseconds(1 + draw.below(4));
    options.seed = seed * 100 + run;
    draw_alignment(options.seed, config);
    const bool stops = draw.below(2) == 0;
    options.deaths_max = run < 5 && !stops ? 1 : 0;
    options.orders.clear();
    draw_order(draw, 800, after_savepoint::go_on, scratch.path() / "savepoints", options);
    draw_checkpoint_orders(options.seed, 1000, options);
    if (run < 5 && stops)
      draw_order(draw, 1000,
                 draw.below(2) == 0 ? after_savepoint::stop : after_savepoint::drain,
                 scratch.path() / "savepoints", options);
    options.death_within_steps = 500 + static_cast<std::uint32_t>(draw.below(1500));
    options.state_memory = (seed % 2) << 16;
    const simulation_report report = simulate(*resumed, config, options);
    result.report.deaths += report.deaths;
    result.report.restores += report.restores;
    result.stops += report.job.savepoint.has_value();
    if (!report.problem && report.job.savepoint) {
      options.restore_from = report.job.savepoint;
      config.state_backend = draw_backend();
      continue;
    }
    if (!report.problem || report.deaths == 0) {
      result.wrong = report.problem ? *report.problem : wrong_with_output();
      break;
    }
    options.restore_from =
        newest_checkpoint(scratch.path() / report.job.job_id, options.restore_from);
  }
  return result;
}

struct schedules_tried {
  std::uint64_t schedules = 0;
  std::uint64_t deaths = 0;
  std::uint64_t restores = 0;
  std::uint64_t stops = 0;
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
    tried.stops += done.stops;
  }
  return tried;
}

} // namespace weir::testing
