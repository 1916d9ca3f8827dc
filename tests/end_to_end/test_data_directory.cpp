// `weir run` and `weir checkpoint` where the files of checkpoints lie apart.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_data_directory {

namespace fs = std::filesystem;

namespace {

const int restore_refused = 3;

/// What a cancelled job left: metadata in `checkpoints/apart`, its files in `data/apart`.
struct apart_fixture : workspace {
  apart_fixture() {
    interrupted(run({}, {"--per-second", "2000"}), 4, SIGINT);
    BOOST_TEST_REQUIRE(checkpoints_in(job).size() == 3u);
    newest = checkpoints_in(job).back();
  }

  /// In the same directories.
  words run(const words& flags, const words& job_options = {}) const {
    const words checkpointing{
        "--job-id", "apart",
        "-D",       "execution.checkpointing.interval=20ms",
        "-D",       "execution.checkpointing.dir=checkpoints",
        "-D",       "execution.checkpointing.data-dir=" + data.string()};
    return click_count(checkpointing + retain_on_cancellation + flags, job_options);
  }
  /// `weir checkpoint ARGUMENTS`, with its standard output among what it says.
  finished_process asked(const words& arguments) const {
    return program(
        words{"/bin/sh", "-c", "exec \"$@\" 1>&2", "sh", WEIR_BINARY, "checkpoint"} +
        arguments);
  }
  void check_says(const words& arguments, const std::string& part) const {
    const auto done = asked(arguments);
    BOOST_TEST(done.end.code == 0);
    BOOST_TEST(std::ranges::any_of(
                   done.lines,
                   [&](const std::string& line) { return line.find(part) != line.npos; }),
               part);
  }
  fs::path move_data() const {
    fs::rename(data, path() / "moved");
    return path() / "moved";
  }

  fs::path job = path() / "checkpoints/apart";
  fs::path data = path() / "data";
  fs::path newest;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(data_directory, apart_fixture)

BOOST_AUTO_TEST_CASE(it_is_shown_and_verified_where_it_lies) {
  const std::string files = (data / "apart" / newest.filename()).string();
  check_says({"show", newest.string()}, "files in " + files);
  check_says({"show", "--json", job.string()}, "\"data_directory\":\"" + files + "\"");
  check_says({"list", "checkpoints"}, "complete");
  check_says({"verify", job.string()}, "is intact");
  refuses(restore_refused, {"checkpoint", "list", "data"}, {"no checkpoint"});
  refuses(restore_refused, {"checkpoint", "rm", files}, {job.string()});
  refuses(restore_refused, click_count({"-s", files}), {job.string()});
}

BOOST_AUTO_TEST_CASE(one_that_is_missing_is_one_line_with_what_to_do) {
  const fs::path moved = move_data();
  const words wanted{(data / "apart").string(), "does not exist",
                     "-D execution.state-recovery.data-dir=DIR", "--data-dir DIR"};
  refuses(restore_refused, click_count({"-s", newest.string()}), wanted);
  refuses(restore_refused, {"checkpoint", "rm", newest.string()}, wanted);
  refuses(restore_refused, {"checkpoint", "verify", newest.string()},
          {(data / "apart").string(), "does not exist", "--data-dir DIR"});
  check_says({"verify", "--data-dir", moved.string(), newest.string()}, "is intact");
  succeeds(click_count({"-p", "3", "-s", newest.string(), "-D",
                        "execution.state-recovery.data-dir=" + moved.string()}));
  BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
}

BOOST_AUTO_TEST_CASE(a_copy_is_whole_and_what_is_removed_goes_in_both_places) {
  check_says({"copy", newest.string(), "copied"}, "copied");
  const fs::path moved = move_data();
  for (const fs::path& each : checkpoints_in(job))
    check_says({"rm", "--data-dir", moved.string(), each.string()}, "removed");
  BOOST_TEST(fs::is_empty(path() / "checkpoints"));
  BOOST_TEST(fs::is_empty(moved));
  succeeds(click_count({"-s", "copied/apart"}));
  BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
}

BOOST_AUTO_TEST_CASE(a_run_goes_on_in_both_directories_of_its_job) {
  const words claimed{"-s", newest.string(), "--claim-mode", "claim"};
  refuses(restore_refused,
          click_count(words{"--job-id", "apart", "-D",
                            "execution.checkpointing.dir=checkpoints"} +
                      claimed),
          {"execution.checkpointing.data-dir"});
  refuses(restore_refused, run({"-D", "execution.checkpointing.dir=others"}),
          {job.string(), "choose another job id"});
  succeeds(run(claimed));
  BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
  // It has finished, and what was in them before was its own.
  BOOST_TEST(!fs::exists(data / "apart"));
  BOOST_TEST(!fs::exists(job));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_data_directory
