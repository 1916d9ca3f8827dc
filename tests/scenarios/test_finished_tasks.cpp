// Jobs of which some tasks have come to their end and others have not.
#include "runtime/caf/simulation.hpp"
#include "tests/scenarios/scenario.hpp"
#include "tests/scenarios/staged_numbers.hpp"
#include "tests/support/counting_job.hpp"
#include "tests/support/seeds.hpp"

namespace weir::testing::test_finished_tasks {

namespace {

using numbers = std::vector<std::uint64_t>;

/// A pipeline that ends at once, and one that ends when the test has seen enough.
struct two_pipelines : scenario {
  static constexpr std::uint64_t brief = 20, lasting = 100;
  begun_stages begun = first_stage();
  std::atomic<std::uint64_t> brief_read = 0;
  std::atomic<bool> failing = false; // once, in the lasting one
  std::size_t taken_behind_it = 0;
  std::shared_ptr<collected<std::uint64_t>>
      brief_out = std::make_shared<collected<std::uint64_t>>(),
      lasting_out = std::make_shared<collected<std::uint64_t>>();

  /// A checkpoint has begun after all of the brief pipeline had been read, and another.
  bool seen_behind_the_end() { return brief_read == brief && ++taken_behind_it >= 4; }

  job_report run_it() {
    return run(
        [this](job& job) {
          job.source("brief",
                     generate(brief, [](std::uint64_t i, random_stream&) { return i; }))
              .map([this](std::uint64_t number) {
                ++brief_read;
                return number;
              })
              .key_by([](std::uint64_t number) { return number % 3; })
              .count("brief-counts")
              .map([](const counted<std::uint64_t>& each) { return each.count; })
              .sink("brief-out", collect(brief_out));
          job.source("lasting", staged_numbers(begun,
                                               [](std::uint32_t) {
                                                 return numbers{10, lasting / 2 - 10};
                                               }))
              .map([this](const staged_number& number) {
                if (failing.exchange(false))
                  throw std::runtime_error("this failure was asked for");
                return number.n;
              })
              .sink("lasting-out", collect(lasting_out));
        },
        options);
  }
};

/// Lets go at its end what it has, in a list of which every task gets all.
class united {
public:
  using output = std::uint64_t;

  explicit united(state_binder& state) : seen_(state.union_list<std::uint64_t>("seen")) {}

  void process(const staged_number& number, auto&) { seen_.add(number.n); }
  void finish(auto& out) {
    for (const std::uint64_t each : seen_.take())
      out.emit(each);
  }

private:
  task_list<std::uint64_t> seen_;
};

/// How many checkpoints of a job are complete, of whose pipelines one ends early.
std::size_t completed_in(std::uint64_t seed, bool after_end) {
  const temporary_directory place(fast_directory());
  job job;
  job.checkpoints().after_tasks_finish(after_end);
  const counting_job counting{.records = 20'000,
                              .brief_records = 100,
                              .keys = 50,
                              .records_per_second = 200'000,
                              .seed = seed,
                              .failing = {}};
  const auto written = counting.build(job);
  run_config config;
  config.parallelism = 2;
  config.checkpoint_dir = place.path();
  config.checkpoint_interval = std::chrono::milliseconds(2);
  config.unaligned = seed % 2 == 0;
  simulation_options options;
  options.seed = seed;
  const auto report = simulate(job, config, options);
  BOOST_TEST(report.problem.value_or("") == "");
  BOOST_TEST(difference(by_key(written), counting.expected()) == "");
  BOOST_TEST(report.job.restarts() == 0U); // whatever was given up does not count
  return report.job.checkpoints.size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(finished_tasks)

BOOST_AUTO_TEST_CASE(checkpoints_go_on_and_nothing_of_what_has_ended_comes_again) {
  for (const auto& [name, settings] : every_alignment())
    BOOST_TEST_CONTEXT(name) {
      two_pipelines at;
      at.set(settings);
      at.told.on_completed = [&] {
        if (!at.seen_behind_the_end() || *at.begun == 2)
          return;
        at.failing = true;
        *at.begun = 2;
      };
      const job_report report = at.run_it();
      BOOST_TEST(report.restarts() == 1U);
      BOOST_TEST(at.told.restores.size() == 1U);
      BOOST_TEST(at.brief_read == at.brief); // not again behind the failure
      BOOST_TEST(at.brief_out->all().size() == at.brief);
      BOOST_TEST(at.lasting_out->all().size() == at.lasting);
    }
}

BOOST_AUTO_TEST_CASE(a_job_is_resumed_from_where_a_part_of_it_has_ended) {
  two_pipelines at;
  at.set({{"execution.checkpointing.externalized-checkpoint-retention",
           "RETAIN_ON_CANCELLATION"}});
  std::stop_source stop;
  at.told.on_completed = [&] {
    if (at.seen_behind_the_end())
      stop.request_stop();
  };
  at.options.cancel = stop.get_token();
  at.options.restore_from = at.run_it().resume_from;
  BOOST_TEST_REQUIRE(at.options.restore_from.has_value());
  at.options.cancel = {};
  at.told.on_completed = {};
  *at.begun = 2;
  at.run_it();
  BOOST_TEST(at.brief_read == at.brief);
  BOOST_TEST(at.brief_out->all().size() == at.brief);
  BOOST_TEST(at.lasting_out->all().size() == at.lasting);
}

BOOST_AUTO_TEST_CASE(lists_that_are_united_stand_in_no_checkpoint_of_half_of_the_tasks) {
  for (const auto& [name, settings] : every_alignment())
    BOOST_TEST_CONTEXT(name) {
      scenario at;
      at.set(settings);
      const begun_stages begun = first_stage();
      // The first subtask ends with its first stage, the other one with the second.
      const auto source = staged_numbers(begun, [](std::uint32_t subtask) {
        return subtask == 0 ? numbers{10} : numbers{10, 10};
      });
      const auto out = std::make_shared<collected<std::uint64_t>>();
      at.told.on_warned = [&] {
        if (at.told.warnings_of("union_list") == 2)
          *begun = 2;
      };
      const job_report report = run(
          [&](job& job) {
            job.source("numbers", source)
                .process<united>("united")
                .sink("out", collect(out));
          },
          at.options);
      BOOST_TEST(report.restarts() == 0U); // not one failure of a checkpoint is tolerable
      BOOST_TEST(report.checkpoints_failed >= 2U);
      BOOST_TEST(at.told.warnings_of("1 of 2 subtasks of operator 'united' have come to "
                                     "their end, and what they had in its union_list "
                                     "would be missing") >= 2U);
      BOOST_TEST(out->all().size() == 30U);
    }
}

BOOST_AUTO_TEST_CASE(without_those_that_have_ended_there_are_none) {
  test::for_each_seed(4, [](std::uint64_t seed) {
    const std::size_t with = completed_in(seed, true);
    const std::size_t without = completed_in(seed, false);
    BOOST_TEST(with >= 4U);
    BOOST_TEST(without <= 1U); // which was complete when the first task ended
  });
}

BOOST_AUTO_TEST_CASE(output_that_would_never_be_seen_is_refused) {
  scenario at;
  at.set({{"execution.checkpointing.checkpoints-after-tasks-finish.enabled", "false"}});
  const std::string output = at.place.path() / "output";
  BOOST_CHECK_EXCEPTION(run(
                            [&](job& job) {
                              job.source("lines",
                                         collection(std::vector<std::string>{"a"}))
                                  .sink("out", write_lines(output).transactional());
                            },
                            at.options),
                        error, [](const error& e) { return e.kind() == failure::usage; });
  BOOST_TEST(std::filesystem::is_empty(at.place.path()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_finished_tasks
