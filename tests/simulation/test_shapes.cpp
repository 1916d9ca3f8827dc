// Every kind of edge and of step under seeded schedules with deaths. WEIR_SEED replays
// one of them.
#include "runtime/caf/simulation.hpp"
#include "tests/support/files.hpp"
#include "tests/support/flows_job.hpp"
#include "tests/support/shapes_job.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace weir::testing {

namespace {

struct shaped_run {
  simulation_report report;
  std::string wrong;
};

/// Runs what `build` adds to a job, all choices drawn from the seed; `build` gets how
/// many records and a directory, and returns what tells what is wrong with the output.
template <class Build>
shaped_run run_seeded(std::uint64_t seed, Build build) {
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

  shaped_run result{simulate(job, config, options), {}};
  result.wrong = result.report.problem ? *result.report.problem : wrong_with_output();
  return result;
}

shaped_run run_shapes(std::uint64_t seed) {
  return run_seeded(seed, [&](job& job, std::uint64_t records,
                              const std::filesystem::path& scratch) {
    const shapes_job shapes{.records = records, .seed = seed, .text = scratch / "text"};
    shapes.write_text();
    return [shapes, written = shapes.build(job)] { return shapes.wrong_with(written); };
  });
}

shaped_run run_flows(std::uint64_t seed) {
  return run_seeded(
      seed, [&](job& job, std::uint64_t records, const std::filesystem::path&) {
        const flows_job flows{.records = 5 * records, .seed = seed};
        return [flows, written = flows.build(job)] { return flows.wrong_with(written); };
      });
}

/// Runs some schedules, or the one that WEIR_SEED names.
void check_schedules(shaped_run (*run)(std::uint64_t seed)) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t schedules = given ? 1 : 6;
  std::uint64_t deaths = 0, restores = 0;
  for (std::uint64_t seed = first; seed < first + schedules; ++seed) {
    const shaped_run done = run(seed);
    BOOST_TEST(done.wrong.empty(), "WEIR_SEED=" << seed << ": " << done.wrong);
    deaths += done.report.deaths;
    restores += done.report.restores;
  }
  if (given)
    return;
  BOOST_TEST(deaths > schedules);
  BOOST_TEST(restores > 0U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(shapes)

BOOST_AUTO_TEST_CASE(every_kind_of_edge_brings_every_record_once) {
  check_schedules(run_shapes);
}

BOOST_AUTO_TEST_CASE(every_kind_of_step_brings_every_record_once) {
  check_schedules(run_flows);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing
