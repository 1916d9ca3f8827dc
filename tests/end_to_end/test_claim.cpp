// Whose a checkpoint is that a run begins with: with no-claim nobody's, and what the run
// writes does not need it; with claim the run's. And whose a job directory is.
#include "state/checkpoint_directory.hpp"
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_claim {

namespace fs = std::filesystem;

namespace {

const int restore_refused = 3;

words checkpointing(const std::string& directory, const std::string& retained) {
  return {"-D", "execution.checkpointing.interval=50ms",
          "-D", "execution.checkpointing.dir=" + directory,
          "-D", "execution.checkpointing.num-retained=" + retained};
}

/// Long enough for some checkpoints, whatever the disk does.
const words very_slowly{"--per-second", "5000"};
/// Long enough for many.
const words slowly{"--per-second", "25000"};

void check_intact(const fs::path& checkpoint) {
  BOOST_CHECK_NO_THROW(weir::verify_checkpoint(weir::locate_checkpoint(checkpoint)));
}

struct claim_fixture : killed_job {
  /// A run of the same job, until it has completed a checkpoint.
  void start(child_process& job) const {
    const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
    while (job.next(deadline) == child_process::event::line)
      if (job.line().find(" completed in ") != std::string::npos)
        return;
    BOOST_FAIL("the job has completed no checkpoint");
  }

  /// A run that has completed some checkpoints when it dies, and so leaves them.
  void killed(const words& arguments) const {
    BOOST_REQUIRE_NE(interrupted(arguments, 4, SIGKILL).end.signal, 0);
  }

  bool same_output() const {
    return sorted_lines(path() / "output") == undisturbed_output();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(claim, claim_fixture)

BOOST_AUTO_TEST_CASE(an_unclaimed_checkpoint_is_not_touched_nor_needed_any_more) {
  for (const std::string tasks : {"2", "3"}) {
    const claim_fixture place;
    const auto before = listing(place.job_directory());
    place.killed(click_count(words{"-p", tasks, "-s", place.newest().string()} +
                                 checkpointing("own", "1000"),
                             very_slowly));
    BOOST_TEST((listing(place.job_directory()) == before));
    fs::remove_all(place / "checkpoints");
    const auto own = checkpoints_in(only_entry(place / "own"));
    BOOST_TEST_REQUIRE(own.size() > 1u);
    check_intact(own.front());
    place.succeeds(click_count({"-p", tasks, "-s", own.front().string()}));
    BOOST_TEST(place.same_output());
  }
}

BOOST_AUTO_TEST_CASE(nor_is_one_that_has_all_rows_of_a_task) {
  for (const std::string backend : {"filesystem", "memory"}) {
    const claim_fixture place;
    fs::remove_all(place / "output");
    const words of_backend{"-D", "state.backend.type=" + backend};
    place.killed(click_count(of_backend + checkpointing("first", "1000"), very_slowly));
    const fs::path from = checkpoints_in(only_entry(place / "first")).front();
    place.killed(click_count(of_backend + words{"-s", from.string()} +
                                 checkpointing("own", "1000"),
                             very_slowly));
    fs::remove_all(place / "first");
    const fs::path own = checkpoints_in(only_entry(place / "own")).front();
    place.succeeds(click_count(of_backend + words{"-s", own.string()}));
    BOOST_TEST(place.same_output());
  }
}

BOOST_AUTO_TEST_CASE(a_claimed_checkpoint_goes_once_the_run_has_its_own) {
  for (const words& claiming :
       {words{"--claim-mode", "claim"}, words{"--restore-mode", "CLAIM"},
        words{"-D", "execution.savepoint-restore-mode=claim"}}) {
    const claim_fixture place;
    const auto resumed = place.weir(click_count(
        claiming + words{"-s", place.newest().string()} + checkpointing("own", "2"),
        slowly));
    BOOST_TEST_REQUIRE(resumed.end.code == 0);
    const std::string said =
        "restoring from " + place.newest().string() + "; it is claimed";
    BOOST_TEST(std::ranges::any_of(
        resumed.lines, [&](const std::string& line) { return line.starts_with(said); }));
    BOOST_TEST(!fs::exists(place.newest()));
    const auto others = checkpoints_in(place.job_directory());
    BOOST_TEST(others.size() == 2u);
    std::ranges::for_each(others, check_intact);
    BOOST_TEST(place.same_output());
  }
}

BOOST_AUTO_TEST_CASE(a_claimed_checkpoint_stays_while_the_run_has_fewer_than_it_keeps) {
  for (const words& flags : {words{}, checkpointing("own", "1000")}) {
    const claim_fixture place;
    place.succeeds(click_count(
        words{"--claim-mode", "claim", "-s", place.newest().string()} + flags, slowly));
    check_intact(place.newest());
  }
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_a_running_job_cannot_be_claimed) {
  child_process running(words{WEIR_BINARY} +
                            click_count(checkpointing("live", "3"),
                                        {"--output", "another", "--per-second", "2000"}),
                        path());
  start(running);
  const fs::path job = only_entry(path() / "live");
  const auto refused = weir(click_count(
      words{"--claim-mode", "claim", "-s", job.string()} + checkpointing("own", "3")));
  running.kill();
  BOOST_TEST(refused.end.code == restore_refused);
  BOOST_TEST((refused.lines.back().find("in use by a running job") != std::string::npos));
  BOOST_TEST(!fs::exists(path() / "own"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(job_id, claim_fixture)

BOOST_AUTO_TEST_CASE(of_a_running_job_is_refused) {
  const words flags = words{"--job-id", "nightly"} + checkpointing("live", "3");
  child_process running(words{WEIR_BINARY} + click_count(flags, {"--output", "another",
                                                                 "--per-second", "2000"}),
                        path());
  start(running);
  const auto refused = weir(click_count(flags));
  running.kill();
  BOOST_TEST(refused.end.code == restore_refused);
  const std::string said = refused.lines.back();
  for (const std::string part : {"live/nightly", "in use by a running job", "--job-id"})
    BOOST_TEST((said.find(part) != std::string::npos), said);
}

BOOST_AUTO_TEST_CASE(goes_on_in_its_directory_when_that_is_claimed) {
  const std::string id = job_directory().filename().string();
  const words flags = words{"--job-id", id} + checkpointing("checkpoints", "3");
  const auto ids = checkpoints_in(job_directory());
  // It would have to overwrite what it did not begin with, or may not remove.
  refuses(restore_refused, click_count(flags),
          {job_directory().string(), newest().filename().string(), "-s", "--job-id"});
  refuses(restore_refused, click_count(flags + words{"-s", newest().string()}),
          {job_directory().string(), "--claim-mode claim"});
  refuses(restore_refused,
          click_count(flags + words{"--claim-mode", "claim", "-s", ids.front().string()}),
          {newest().filename().string(), "newest"});
  killed(click_count(flags + words{"--claim-mode", "claim", "-s", newest().string()},
                     very_slowly));
  const auto kept = checkpoints_in(job_directory());
  BOOST_TEST(kept.size() >= 3u);
  BOOST_TEST(!fs::exists(newest()));
  std::ranges::for_each(kept, check_intact);
  succeeds(
      click_count(flags + words{"--claim-mode", "claim", "-s", kept.back().string()}));
  BOOST_TEST(same_output());
}

BOOST_AUTO_TEST_CASE(that_is_no_file_name_is_refused) {
  refuses(2, click_count({"--job-id", "a/b"}), {"a/b", "job id"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_claim
