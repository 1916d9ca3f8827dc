// `weir run --dry-run` says all that speaks against a run, and neither it nor -n does
// more than it says.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::testing::test_dry_run {

namespace fs = std::filesystem;

namespace {

const int restore_refused = 3;

struct dry_fixture : killed_job {
  words renamed(const words& flags) const {
    return words{"run", "-p", "2"} + flags +
           words{fixture("renamed_operator"), "--", "--output", "output"};
  }

  /// What `weir ARGUMENTS` says; nothing here has changed.
  finished_process tried(const words& arguments) const {
    const auto before = listing(path());
    finished_process done = weir(arguments);
    BOOST_TEST((listing(path()) == before));
    return done;
  }
};

bool is_said(const finished_process& by, const words& parts) {
  return std::ranges::any_of(by.lines, [&](const std::string& line) {
    return std::ranges::all_of(
        parts, [&](const std::string& part) { return line.find(part) != line.npos; });
  });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(dry_run, dry_fixture)

BOOST_AUTO_TEST_CASE(of_a_run_that_would_restore) {
  for (const auto& from : {newest(), job_directory()}) {
    const auto done = tried(click_count({"--dry-run", "-s", from.string()}));
    BOOST_TEST(done.end.code == 0);
    BOOST_TEST_REQUIRE(done.lines.size() == 1u);
    BOOST_TEST(done.lines[0].starts_with("would restore " + newest().string() + ":"));
  }
}

BOOST_AUTO_TEST_CASE(of_a_run_from_the_beginning) {
  const auto done = tried(click_count({"--dry-run"}));
  BOOST_TEST(done.end.code == 0);
  BOOST_TEST(is_said(done, {"would start from the beginning"}));
  refuses(2, click_count({"--dry-run", "-D", "pipeline.max-parallelism=1"}),
          {"lower the one or raise the other"});
}

BOOST_AUTO_TEST_CASE(names_everything_that_does_not_fit) {
  const std::string shared = shared_names(newest()).front();
  write_text(newest() / "counts-0.keyed", "damaged");
  fs::remove(job_directory() / "shared" / shared);
  const auto done = tried(
      renamed({"--dry-run", "-s", newest().string(), "-D",
               "state.backend.type=filesystem", "-D", "pipeline.max-parallelism=64"}));
  BOOST_TEST(done.end.code == restore_refused);
  for (const words& parts :
       {words{"state backend 'rocksdb'"}, words{"'counts'", "not in the job", "-n"},
        words{"'clicks'", "max parallelism 128"}, words{"'lines'", "max parallelism 128"},
        words{"counts-0.keyed", "size should be"}, words{shared, "No such file"}})
    BOOST_TEST(is_said(done, words{"error: restoring from chk-"} + parts),
               parts.front() << " is not said");
  BOOST_TEST(std::ranges::all_of(
      done.lines, [](const std::string& line) { return line.starts_with("error: "); }));
}

BOOST_AUTO_TEST_CASE(as_json) {
  const auto fits = tried(click_count({"--json", "--dry-run", "-s", newest().string()}));
  BOOST_TEST(is_said(fits, {R"("event":"dry_run")", R"("skipped":[])",
                            R"("restore_from":")" + newest().string() + '"'}));
  const auto refused = tried(renamed({"--json", "--dry-run", "-s", newest().string()}));
  BOOST_TEST(is_said(refused, {R"("event":"error")", R"("exit_code":3)", "'counts'"}));
}

BOOST_AUTO_TEST_CASE(with_an_operator_that_is_left_behind) {
  const auto done = tried(renamed({"--dry-run", "-n", "-s", newest().string()}));
  BOOST_TEST(done.end.code == 0);
  BOOST_TEST(is_said(done, {"would restore", "left behind: 'counts'"}));
}

BOOST_AUTO_TEST_CASE(an_operator_is_left_behind_with_a_warning) {
  fs::remove(newest() / "counts-0.keyed"); // nobody needs it
  for (const words& flags :
       {words{"-n"}, words{"--allow-non-restored-state"},
        words{"-D", "execution.state-recovery.ignore-unclaimed-state=true"},
        words{"-D", "execution.savepoint.ignore-unclaimed-state=true"}}) {
    const dry_fixture untouched;
    const auto done =
        untouched.weir(renamed(flags + words{"-s", untouched.newest().string()}));
    BOOST_TEST(done.end.code == 0);
    BOOST_TEST(is_said(done, {"warning: ", "'counts'", "left behind"}));
  }
}

BOOST_AUTO_TEST_CASE(flags_that_need_a_checkpoint) {
  refuses(2, click_count({"-n"}), {"-s"});
  refuses(2, click_count({"--claim-mode", "claim"}), {"-s"});
  refuses(2, click_count({"--restore-mode", "legacy", "-s", newest().string()}),
          {"execution.state-recovery.claim-mode", "claim or no-claim"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_dry_run
