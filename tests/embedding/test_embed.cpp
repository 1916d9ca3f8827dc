// What a program that embeds weir can ask for, and what it is told.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace weir::testing {

namespace {

struct number {
  std::uint32_t key;
};

/// Counts numbers into files.
void count_numbers(job& job) {
  const auto make = [](std::uint64_t index, random_stream&) {
    return number{static_cast<std::uint32_t>(index % 100)};
  };
  job.source("numbers",
             generate(20'000, make).records_per_second(job.option("per-second", 0)))
      .key_by(&number::key)
      .count("counts")
      .sink("lines", write_lines(job.option("output")));
}

struct counted_numbers {
  temporary_directory place;
  run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "20ms"},
                   {"execution.checkpointing.dir", place.path() / "checkpoints"}},
      .job_options = {{"output", place.path() / "output"}},
  };

  std::vector<std::string> lines() const { return sorted_lines(place.path() / "output"); }

  /// Checks that the run is refused as a usage error that says `wanted`.
  void refuses(const std::string& wanted) const {
    BOOST_CHECK_EXCEPTION(run(count_numbers, options), error, [&](const error& problem) {
      return problem.kind() == failure::usage &&
             std::string(problem.what()).find(wanted) != std::string::npos;
    });
  }
};

struct restore_watch : job_observer {
  bool seen = false;
  void restored(checkpoint_id, attempt_id) override { seen = true; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(embed, counted_numbers)

BOOST_AUTO_TEST_CASE(a_program_cancels_its_job_and_resumes_it_later) {
  struct : job_observer {
    std::stop_source stop;
    void completed(const completed_checkpoint&) override { stop.request_stop(); }
  } impatient;
  options.job_options["per-second"] = "1000";
  options.observer = &impatient;
  options.cancel = impatient.stop.get_token();
  const job_report cancelled = run(count_numbers, options);
  BOOST_TEST(cancelled.cancelled);
  BOOST_REQUIRE(!cancelled.checkpoints.empty());

  options.job_options["per-second"] = "0";
  options.observer = nullptr;
  options.cancel = {};
  options.restore_from = cancelled.checkpoints.back().directory;
  BOOST_TEST(!run(count_numbers, options).cancelled);
  BOOST_TEST(lines().size() == 20'000U);
}

BOOST_AUTO_TEST_CASE(a_job_runs_inside_the_program) {
  const job_report report = run(count_numbers, options);
  BOOST_TEST(report.attempts == 1u);
  BOOST_TEST(lines().size() == 20'000u);
}

BOOST_AUTO_TEST_CASE(a_run_resumes_from_a_checkpoint_of_another) {
  options.job_options["per-second"] = "10000"; // time for checkpoints
  const job_report first = run(count_numbers, options);
  BOOST_REQUIRE(!first.checkpoints.empty());
  const auto undisturbed = lines();
  restore_watch watch;
  options.restore_from = first.checkpoints.back().directory;
  options.observer = &watch;
  run(count_numbers, options);
  BOOST_TEST(watch.seen);
  BOOST_TEST(lines() == undisturbed);
}

BOOST_AUTO_TEST_CASE(jobs_run_side_by_side) {
  counted_numbers other;
  std::thread beside([&] { run(count_numbers, other.options); });
  run(count_numbers, options);
  beside.join();
  BOOST_TEST(lines() == other.lines());
}

BOOST_AUTO_TEST_CASE(settings_count_more_than_the_parallelism) {
  options.settings["parallelism.default"] = "1";
  run(count_numbers, options);
  BOOST_TEST(files_in(place.path() / "output").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_parallelism_of_zero_is_refused) {
  options.parallelism = 0;
  refuses("parallelism.default");
}

BOOST_AUTO_TEST_CASE(an_unknown_setting_is_refused) {
  options.settings["execution.checkpointing.intervall"] = "1s";
  refuses("did you mean 'execution.checkpointing.interval'?");
}

BOOST_AUTO_TEST_CASE(an_option_that_the_job_does_not_ask_for_is_refused) {
  options.job_options["clicks"] = "1";
  refuses("no option --clicks");
}

BOOST_AUTO_TEST_CASE(what_the_job_throws_reaches_the_program) {
  const auto failing = [](job& job) {
    const auto make = [](std::uint64_t, random_stream&) -> number {
      throw std::runtime_error("this failure was asked for");
    };
    job.source("numbers", generate(1, make)).sink("nowhere", discard());
  };
  BOOST_CHECK_EXCEPTION(run(failing), error, [](const error& problem) {
    return problem.kind() == failure::job_failed &&
           std::string(problem.what()).find("asked for") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing
