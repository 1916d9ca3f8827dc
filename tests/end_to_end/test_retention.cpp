// What is left of a job's checkpoints when it is over, and what it says about them.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_retention {

namespace fs = std::filesystem;

namespace {

const words checkpointing{"-D", "execution.checkpointing.interval=20ms",
                          "-D", "execution.checkpointing.dir=checkpoints",
                          "-D", "restart-strategy.type=none"};
const words slowly{"--per-second", "5000"};

words retaining(const std::string& policy) {
  return {"-D", "execution.checkpointing.externalized-checkpoint-retention=" + policy};
}

struct retention_fixture : workspace {
  /// Those of all jobs.
  std::size_t left() const {
    std::size_t complete = 0;
    if (fs::exists(path() / "checkpoints"))
      for (const auto& job : fs::directory_iterator(path() / "checkpoints"))
        complete += checkpoints_in(job).size();
    return complete;
  }

  finished_process cancelled(const words& flags) const {
    return interrupted(click_count(checkpointing + flags, slowly), 2, SIGINT);
  }
  /// It fails after a while.
  finished_process failing(const words& flags) const {
    return weir(words{"run", "-D", "pipeline.read-limit.rows-per-second=250"} +
                checkpointing + flags + words{fixture("failing")});
  }

  static bool says(const finished_process& run, const std::string& part) {
    return std::ranges::any_of(
        run.lines, [&](const std::string& line) { return line.find(part) != line.npos; });
  }
};

const std::string policies[] = {"NO_EXTERNALIZED_CHECKPOINTS", "DELETE_ON_CANCELLATION",
                                "RETAIN_ON_CANCELLATION"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(retention, retention_fixture)

BOOST_AUTO_TEST_CASE(a_finished_job_leaves_none_whatever_the_policy) {
  for (const std::string& policy : policies) {
    const retention_fixture place;
    const auto run = place.weir(
        click_count(checkpointing + retaining(policy), {"--per-second", "50000"}));
    BOOST_TEST(run.end.code == 0);
    BOOST_TEST(place.left() == 0U, policy);
    const auto taken = std::ranges::count_if(run.lines, [](const std::string& line) {
      return line.find(" completed in ") != line.npos;
    });
    const auto deleted = std::to_string(std::min<std::ptrdiff_t>(taken, 3));
    BOOST_TEST(says(run, "; " + deleted + " deleted in "), policy);
    BOOST_TEST(!says(run, " kept in "), policy);
    BOOST_TEST(fs::is_empty(place / "checkpoints"));
  }
}

BOOST_AUTO_TEST_CASE(a_cancelled_job_leaves_them_if_it_is_asked_to) {
  for (const std::string& policy : policies) {
    const retention_fixture place;
    const auto run = place.cancelled(retaining(policy));
    const bool kept = policy == "RETAIN_ON_CANCELLATION";
    BOOST_TEST((place.left() > 0) == kept, policy);
    BOOST_TEST(says(run, kept ? " kept in " : " deleted in "), policy);
    BOOST_TEST(says(run, kept ? "; resume it with:" : "no checkpoint of it is kept"));
  }
}

BOOST_AUTO_TEST_CASE(a_failed_job_leaves_them_unless_it_is_asked_not_to) {
  for (const std::string& policy : policies) {
    const retention_fixture place;
    const auto run = place.failing(retaining(policy));
    BOOST_TEST(run.end.code == 1);
    const bool kept = policy != "NO_EXTERNALIZED_CHECKPOINTS";
    BOOST_TEST((place.left() > 0) == kept, policy);
    BOOST_TEST(says(run, kept ? " kept in " : " deleted in "), policy);
  }
}

BOOST_AUTO_TEST_CASE(what_a_job_was_restored_from_is_not_its_own) {
  const killed_job before;
  const auto run = before.interrupted(
      click_count(checkpointing + retaining("NO_EXTERNALIZED_CHECKPOINTS") +
                      words{"-s", before.newest().string()},
                  slowly),
      2, SIGTERM);
  BOOST_TEST(
      (says(run, " deleted in ") && says(run, " run -s " + before.newest().string())));
  before.succeeds(click_count(checkpointing + words{"-s", before.newest().string()}));
  BOOST_TEST(fs::exists(before.newest() / "_metadata"));
  BOOST_TEST((sorted_lines(before / "output") == undisturbed_output()));
  BOOST_TEST(checkpoints_in(before.job_directory()).size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_retention
