// The checkpoint that a job with transactions waits for at its end.
#include "operators/weir.hpp"
#include "tests/simulation/seeded_runs.hpp"
#include "tests/support/seeds.hpp"

namespace weir::testing {

namespace {

/// Checkpoints come one upon the other, so that one is under way when the last task ends.
seeded_run run_without_deaths(std::uint64_t seed) {
  return run_seeded(
      seed,
      [](job& job, std::uint64_t records, const std::filesystem::path& scratch) {
        const std::string lines = (scratch / "lines").string();
        job.source("numbers",
                   generate(records, [](std::uint64_t i, random_stream&) { return i; }))
            .key_by([](std::uint64_t n) { return n % 7; })
            .count("counts")
            .sink("lines", write_lines(lines).transactional());
        return [lines, records] {
          return sorted_lines(lines).size() == records ? "" : "lines are missing";
        };
      },
      [](run_config& config, simulation_options& options) {
        options.deaths_max = 0;
        config.checkpoint_interval = std::chrono::milliseconds(1);
        config.checkpoint_min_pause = {};
        config.checkpoints_concurrent = 1;
        config.checkpoint_timeout = std::chrono::minutes(10);
      });
}

} // namespace

BOOST_AUTO_TEST_SUITE(last_checkpoint)

BOOST_AUTO_TEST_CASE(whoever_ends_last_answers_the_one_that_is_under_way) {
  test::for_each_seed(12, [](std::uint64_t seed) {
    const seeded_run run = run_without_deaths(seed);
    BOOST_TEST(run.wrong == "");
    BOOST_TEST(run.report.job.checkpoints_failed == 0U);
    BOOST_TEST(run.report.job.duration < std::chrono::minutes(1));
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing
