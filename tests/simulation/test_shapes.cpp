// Every kind of edge under seeded schedules with deaths. WEIR_SEED replays one of them.
#include "runtime/caf/simulation.hpp"
#include "tests/support/files.hpp"
#include "tests/support/shapes_job.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace weir::testing {

namespace {

struct shaped_run {
  simulation_report report;
  std::string wrong;
};

shaped_run run_shapes(std::uint64_t seed) {
  random_stream draw(seed, 2);
  const temporary_directory scratch(fast_directory());
  const shapes_job shapes{
      .records = draw.below(6000), .seed = seed, .text = scratch.path() / "text"};
  shapes.write_text();
  run_config config;
  config.parallelism = 1 + static_cast<std::uint32_t>(draw.below(4));
  config.checkpoint_interval = std::chrono::milliseconds(1 + draw.below(8));
  config.checkpoint_dir = scratch.path();
  config.restart_attempts = 100;
  config.restart_delay = std::chrono::milliseconds(draw.below(3));

  simulation_options options;
  options.seed = seed;
  options.deaths_max = 3;
  options.death_within_steps = 200 + static_cast<std::uint32_t>(draw.below(1500));
  options.slice_blocks_max = 1 + static_cast<std::uint32_t>(draw.below(4));

  job job;
  const auto written = shapes.build(job);
  shaped_run result{simulate(job, config, options), {}};
  result.wrong =
      result.report.problem ? *result.report.problem : shapes.wrong_with(written);
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(shapes)

BOOST_AUTO_TEST_CASE(every_kind_of_edge_brings_every_record_once) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t schedules = given ? 1 : 8;
  std::uint64_t deaths = 0, restores = 0;
  for (std::uint64_t seed = first; seed < first + schedules; ++seed) {
    const shaped_run run = run_shapes(seed);
    BOOST_TEST(run.wrong.empty(), "WEIR_SEED=" << seed << ": " << run.wrong);
    deaths += run.report.deaths;
    restores += run.report.restores;
  }
  if (given)
    return;
  BOOST_TEST(deaths > schedules);
  BOOST_TEST(restores > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing
