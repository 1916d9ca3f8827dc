// What a program that embeds weir can ask for, and what it is told.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace weir::testing::test_embed {

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

  /// Cancelled with its first checkpoint, long before its end.
  job_report cancelled_run() const {
    struct : job_observer {
      std::stop_source stop;
      void completed(const completed_checkpoint&) override { stop.request_stop(); }
    } impatient;
    run_options slow = options;
    slow.job_options["per-second"] = "1000";
    slow.observer = &impatient;
    slow.cancel = impatient.stop.get_token();
    const job_report cancelled = run(count_numbers, slow);
    BOOST_TEST(cancelled.cancelled);
    return cancelled;
  }

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
  options.settings["execution.checkpointing.externalized-checkpoint-retention"] =
      "RETAIN_ON_CANCELLATION";
  const job_report cancelled = cancelled_run();
  BOOST_TEST_REQUIRE(cancelled.resume_from.has_value());
  BOOST_TEST(cancelled.checkpoints_kept > 0U);
  BOOST_TEST(cancelled.checkpoints_deleted == 0U);

  restore_watch watch;
  options.observer = &watch;
  options.restore_from = cancelled.resume_from;
  const job_report finished = run(count_numbers, options);
  BOOST_TEST(watch.seen);
  BOOST_TEST(!finished.cancelled);
  BOOST_TEST(!finished.resume_from.has_value());
  BOOST_TEST(lines().size() == 20'000U);
  // What it was restored from is another run's.
  BOOST_TEST(std::filesystem::exists(*cancelled.resume_from / "_metadata"));
}

BOOST_AUTO_TEST_CASE(a_cancelled_job_leaves_nothing_unless_it_was_asked_to) {
  const job_report cancelled = cancelled_run();
  BOOST_TEST(!cancelled.resume_from.has_value());
  BOOST_TEST(cancelled.checkpoints_kept == 0U);
  BOOST_TEST(cancelled.checkpoints_deleted > 0U);
  BOOST_TEST(cancelled.checkpoint_directory.string().starts_with(
      (place.path() / "checkpoints").string()));
  BOOST_TEST(!std::filesystem::exists(cancelled.checkpoint_directory));
}

BOOST_AUTO_TEST_CASE(a_job_runs_inside_the_program) {
  const job_report report = run(count_numbers, options);
  BOOST_TEST(report.attempts == 1u);
  BOOST_TEST(lines().size() == 20'000u);
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

} // namespace weir::testing::test_embed
