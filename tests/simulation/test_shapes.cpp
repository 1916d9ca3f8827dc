// Every kind of edge and of step under seeded schedules with deaths. WEIR_SEED replays
// one of them.
#include "tests/simulation/seeded_runs.hpp"
#include "tests/support/flows_job.hpp"
#include "tests/support/loops_job.hpp"
#include "tests/support/shapes_job.hpp"

namespace weir::testing::test_shapes {

namespace {

seeded_run run_shapes(std::uint64_t seed) {
  return run_seeded(seed, [&](job& job, std::uint64_t records,
                              const std::filesystem::path& scratch) {
    const shapes_job shapes{.records = records, .seed = seed, .text = scratch / "text"};
    shapes.write_text();
    return [shapes, written = shapes.build(job)] { return shapes.wrong_with(written); };
  });
}

/// Records of a key are in the parts of several subtasks then, each in its order.
seeded_run run_counting_rescaled(std::uint64_t seed) {
  return run_rescaled(seed,
                      [&](job& job, std::uint64_t records, const std::filesystem::path&) {
                        const counting_job counting{.records = 25 * records,
                                                    .brief_records = records,
                                                    .keys = 1 + records / 4,
                                                    .seed = seed,
                                                    .failing = {}};
                        return [counting, written = counting.build(job)] {
                          running_by_key emitted = by_key(written);
                          for (auto& [key, sequence] : emitted)
                            std::ranges::sort(sequence);
                          return difference(emitted, counting.expected());
                        };
                      });
}

seeded_run run_flows(std::uint64_t seed) {
  return run_seeded(
      seed, [&](job& job, std::uint64_t records, const std::filesystem::path&) {
        const flows_job flows{.records = 5 * records, .seed = seed};
        return [flows, written = flows.build(job)] { return flows.wrong_with(written); };
      });
}

template <class Adjust>
seeded_run run_loops(std::uint64_t seed, bool losses, Adjust adjust) {
  return run_seeded(
      seed,
      [losses](job& job, std::uint64_t records, const std::filesystem::path&) {
        const loops_job loops{.records = records};
        return
            [=, written = loops.build(job)] { return loops.wrong_with(written, losses); };
      },
      adjust);
}

/// Without checkpoints: a death begins the job again from its first record.
seeded_run run_exact_loops(std::uint64_t seed) {
  return run_loops(seed, false,
                   [](run_config& config) { config.checkpoint_interval.reset(); });
}

seeded_run run_forced_loops(std::uint64_t seed) {
  return run_loops(seed, true,
                   [](run_config& config) { config.checkpoints_forced = true; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(shapes)

BOOST_AUTO_TEST_CASE(a_job_that_died_or_was_stopped_goes_on_at_another_parallelism) {
  const schedules_tried tried = check_schedules(run_counting_rescaled);
  BOOST_TEST((tried.one_of_many || tried.stops > tried.schedules / 2));
  BOOST_TEST((tried.one_of_many || tried.deaths > tried.schedules / 2));
  BOOST_TEST((tried.one_of_many || tried.restores >= tried.schedules / 2));
}

BOOST_AUTO_TEST_CASE(every_kind_of_edge_brings_every_record_once) {
  const schedules_tried tried = check_schedules(run_shapes);
  BOOST_TEST((tried.one_of_many || tried.deaths > tried.schedules));
  BOOST_TEST((tried.one_of_many || tried.restores > 0));
}

BOOST_AUTO_TEST_CASE(every_kind_of_step_brings_every_record_once) {
  const schedules_tried tried = check_schedules(run_flows);
  BOOST_TEST((tried.one_of_many || tried.deaths > tried.schedules));
  BOOST_TEST((tried.one_of_many || tried.restores > 0));
}

BOOST_AUTO_TEST_CASE(every_kind_of_loop_brings_every_record_once_and_ends) {
  const schedules_tried tried = check_schedules(run_exact_loops);
  BOOST_TEST((tried.one_of_many || tried.deaths > 0));
}

BOOST_AUTO_TEST_CASE(a_loop_that_is_restored_ends_and_brings_no_record_twice) {
  const schedules_tried tried = check_schedules(run_forced_loops);
  BOOST_TEST((tried.one_of_many || tried.restores > 0));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_shapes
