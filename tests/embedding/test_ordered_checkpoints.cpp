// Checkpoints that somebody asks for, while nobody else takes any.
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "state/locate_checkpoint.hpp"
#include "tests/embedding/counted_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

namespace weir::testing::test_ordered_checkpoints {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t for_ever = 1'000; // per second: no end before it is told to

/// Asks when the job can be asked, and cancels it when all was answered.
struct ordering_fixture {
  temporary_directory place{fast_directory()};
  job_control control;
  counted_numbers job_of_it{.output = place.path() / "output", .per_second = for_ever};
  run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "9223372036854775807"},
                   {"execution.checkpointing.dir", place.path() / "checkpoints"},
                   {"execution.checkpointing.externalized-checkpoint-retention",
                    "RETAIN_ON_CANCELLATION"}},
      .control = &control,
  };
  std::atomic<bool> has_rows = false;
  std::vector<fs::path> taken;
  std::string refusal;

  job_report run_with(const std::vector<checkpoint_form>& forms) {
    std::thread asking([&] {
      has_rows.wait(false);
      try {
        for (const checkpoint_form form : forms)
          taken.push_back(control.checkpoint(form).get());
      } catch (const error& problem) {
        refusal = problem.what();
      }
      control.cancel();
    });
    const job_report report = run_it();
    asking.join();
    return report;
  }

  job_report run_it() {
    return run(
        [this](job& job) {
          job_of_it.counts(job)
              .map([this](const counted<std::uint64_t>& each) {
                if (!has_rows.exchange(true))
                  has_rows.notify_all();
                return each;
              })
              .sink("lines", write_lines(job_of_it.output));
        },
        options);
  }

  void resume(const fs::path& from, std::uint32_t parallelism) {
    options.restore_from = from;
    options.parallelism = parallelism;
    options.control = nullptr;
    job_of_it.per_second = 0;
    BOOST_TEST(run_it().restarts() == 0U);
    BOOST_TEST((job_of_it.lines() == job_of_it.all_lines()));
  }

  static checkpoint_metadata metadata_of(const fs::path& checkpoint) {
    const auto found = locate_checkpoint(checkpoint);
    verify_checkpoint(found);
    return found.metadata;
  }
  static std::size_t shared_files(const checkpoint_metadata& metadata) {
    std::size_t files = 0;
    for (const auto& op : metadata.operators)
      for (const auto& subtask : op.subtasks)
        files += subtask.keyed ? subtask.keyed->shared.size() : 0;
    return files;
  }
};

using enum checkpoint_form;

} // namespace

BOOST_FIXTURE_TEST_SUITE(ordered_checkpoints, ordering_fixture)

BOOST_AUTO_TEST_CASE(are_taken_at_once_and_numbered_like_any_other) {
  const job_report report = run_with({as_configured, incremental, full, as_configured});
  BOOST_TEST(refusal == "");
  BOOST_TEST_REQUIRE(taken.size() == 4U);
  for (std::size_t i = 0; i < taken.size(); ++i)
    BOOST_TEST(taken[i].filename() == "chk-" + std::to_string(i + 1));
  BOOST_TEST(report.checkpoints.size() == 4U);
  BOOST_TEST((report.resume_from == taken.back()));
}

BOOST_AUTO_TEST_CASE(a_full_one_needs_no_other_and_any_number_of_tasks_go_on_from_it) {
  for (const std::uint32_t after : {1U, 2U, 3U}) {
    ordering_fixture at;
    at.run_with({as_configured, full});
    BOOST_TEST_REQUIRE(at.taken.size() == 2U);
    BOOST_TEST(shared_files(metadata_of(at.taken[0])) > 0U);
    const auto metadata = metadata_of(at.taken[1]);
    BOOST_TEST((metadata.row_files && !metadata.savepoint));
    BOOST_TEST(shared_files(metadata) == 0U);
    fs::remove_all(at.taken[0]);
    fs::remove_all(at.taken[1].parent_path() / "shared");
    at.resume(at.taken[1], after);
  }
}

BOOST_AUTO_TEST_CASE(one_that_follows_a_full_one_is_as_ever) {
  run_with({full, as_configured});
  BOOST_TEST_REQUIRE(taken.size() == 2U);
  BOOST_TEST(shared_files(metadata_of(taken[1])) > 0U);
  BOOST_TEST(!metadata_of(taken[1]).row_files);
  resume(taken[1], 3);
}

BOOST_AUTO_TEST_CASE(other_backends_have_full_ones_and_no_others) {
  for (const char* const backend : {"memory", "filesystem"}) {
    ordering_fixture at;
    at.options.settings["state.backend.type"] = backend;
    at.run_with({full, incremental});
    BOOST_TEST(at.taken.size() == 1U);
    BOOST_TEST((at.refusal.find("'" + std::string(backend) + "' writes all rows") !=
                std::string::npos),
               at.refusal);
    at.resume(at.taken.front(), 2);
  }
}

BOOST_AUTO_TEST_CASE(a_job_that_takes_none_says_so) {
  options.settings.erase("execution.checkpointing.interval");
  run_with({as_configured});
  BOOST_TEST(refusal.starts_with("there is no checkpoint: the job takes none"), refusal);
}

BOOST_AUTO_TEST_CASE(one_that_is_asked_for_too_late_is_refused) {
  run_with({});
  auto late = control.checkpoint();
  BOOST_TEST((late.wait_for(std::chrono::seconds(0)) == std::future_status::ready));
  BOOST_CHECK_THROW(late.get(), error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_ordered_checkpoints
