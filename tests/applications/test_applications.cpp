// Every example job four ways, one golden output: straight, killed at parallelism 2 and
// resumed there or at 3, and under seeded schedules with deaths. WEIR_SEED replays one
// schedule.
#include "operators/random.hpp"
#include "runtime/caf/simulation.hpp"
#include "runtime/job_library.hpp"
#include "tests/applications/application.hpp"
#include "tests/support/files.hpp"
#include "tests/support/process.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace weir::testing::test_applications {

namespace {

using words = std::vector<std::string>;
constexpr std::chrono::seconds limit{60};

struct applications_fixture {
  words command(const application& app, const words& flags) const {
    words all{WEIR_BINARY, "run", "-D",
              "execution.checkpointing.dir=" + (place.path() / app.name).string()};
    all.insert(all.end(), flags.begin(), flags.end());
    all.push_back(app.library());
    all.push_back("--");
    for (const auto& [name, value] : app.options(output(app)))
      all.push_back("--" + name + "=" + value);
    return all;
  }

  void runs(const application& app, const words& flags) const {
    const finished_process ended = run_process(command(app, flags), place.path(), limit);
    BOOST_TEST_REQUIRE(ended.end.code == 0, app.name << ": " << ended.lines.back());
    BOOST_TEST(app.wrong_with(output(app)) == "");
  }

  /// Kills it with its checkpoint number `last`, and returns the directory of the newest.
  std::filesystem::path kill_after(const application& app, int last) const {
    const words paced =
        command(app, {"-p", "2", "-D", "execution.checkpointing.interval=10ms", "-D",
                      "pipeline.read-limit.rows-per-second=30"});
    child_process job(paced, place.path());
    const auto deadline = child_process::clock::now() + limit;
    const std::string until = "checkpoint " + std::to_string(last) + " completed";
    while (job.next(deadline) == child_process::event::line &&
           !job.line().starts_with(until)) {
    }
    job.kill();
    BOOST_TEST_REQUIRE(job.wait().signal != 0, app.name << " has ended by itself");
    const std::filesystem::directory_iterator jobs(place.path() / app.name);
    return checkpoints_in(jobs->path()).back();
  }

  std::filesystem::path output(const application& app) const {
    return place.path() / (app.name + "-output");
  }

  temporary_directory place{fast_directory()};
};

struct seeded_run {
  simulation_report report;
  std::string wrong;
};

seeded_run run_seeded(const application& app, std::uint64_t seed) {
  const temporary_directory scratch(fast_directory());
  random_stream draw(seed, 3);
  const job_library library(app.library());
  job job(app.options(scratch.path() / "output"));
  library.define(job);
  run_config config;
  config.parallelism = 1 + static_cast<std::uint32_t>(draw.below(4));
  config.checkpoint_interval = std::chrono::milliseconds(1 + draw.below(4));
  config.watermark_interval = std::chrono::milliseconds(1 + draw.below(4));
  config.checkpoint_dir = scratch.path() / "checkpoints";
  config.source_rows_per_second = 1000 + draw.below(20'000);
  config.restart_attempts = 100;
  config.restart_delay = std::chrono::milliseconds(draw.below(3));
  std::filesystem::create_directory(config.checkpoint_dir);

  simulation_options options;
  options.seed = seed;
  options.deaths_max = 3;
  options.death_within_steps = 300 + static_cast<std::uint32_t>(draw.below(500));
  seeded_run result{simulate(job, config, options), {}};
  result.wrong = result.report.problem ? *result.report.problem
                                       : app.wrong_with(scratch.path() / "output");
  return result;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(example_jobs, applications_fixture)

BOOST_AUTO_TEST_CASE(at_any_parallelism) {
  for (const application& app : applications())
    for (const char* parallelism : {"1", "2", "4"}) {
      runs(app, {"-p", parallelism});
      std::filesystem::remove_all(output(app));
    }
}

BOOST_AUTO_TEST_CASE(killed_and_resumed_with_as_many_tasks_or_others) {
  int last = 3;
  for (const application& app : applications()) {
    for (const char* parallelism : {"2", "3"}) {
      const auto checkpoint = kill_after(app, last);
      runs(app, {"-p", parallelism, "-s", checkpoint});
      std::filesystem::remove_all(output(app));
      std::filesystem::remove_all(place.path() / app.name);
    }
    ++last;
  }
}

BOOST_AUTO_TEST_CASE(under_seeded_schedules) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t schedules = given ? 1 : 5;
  std::uint32_t deaths = 0, restores = 0;
  for (const application& app : applications())
    for (std::uint64_t seed = first; seed < first + schedules; ++seed) {
      const seeded_run done = run_seeded(app, seed);
      BOOST_TEST(done.wrong.empty(),
                 "WEIR_SEED=" << seed << ": " << app.name << ": " << done.wrong);
      deaths += done.report.deaths;
      restores += done.report.restores;
    }
  if (given)
    return;
  BOOST_TEST(deaths > applications().size());
  BOOST_TEST(restores > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_applications
