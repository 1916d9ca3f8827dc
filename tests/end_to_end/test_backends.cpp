// What a job leaves on disk by its state backend, and what it says when a backend cannot
// go on: the checkpoints before are as they were.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_backends {

namespace fs = std::filesystem;

namespace {

constexpr int failed = 1;
constexpr int usage = 2;
constexpr int restore_refused = 3;

const words checkpointing{"-D", "execution.checkpointing.interval=30ms", "-D",
                          "execution.checkpointing.dir=checkpoints"};

words by(const std::string& backend) {
  return {"-D", "state.backend.type=" + backend};
}

/// A failure is its last: what is full today is full a second later.
words growing_state(const words& flags, const words& job_options = {}) {
  return words{"run", "-D", "restart-strategy.type=none"} + flags +
         words{fixture("growing_state"), "--", "--output", "output"} + job_options;
}

struct backends_fixture : workspace {
  /// Runs a job until it has taken some checkpoints, and returns its newest.
  fs::path newest_of(const std::string& backend, const words& flags = {}) const {
    interrupted(click_count(checkpointing + retain_on_cancellation + by(backend) + flags,
                            {"--per-second", "20000"}),
                3, SIGINT);
    return checkpoints_in(only_entry(path() / "checkpoints")).back();
  }

  void resumes(const fs::path& from, const words& flags) const {
    succeeds(click_count(flags + words{"-s", from.string()}));
    BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
  }

  finished_process shell(const std::string& before, const words& arguments) const {
    std::string command = before + "exec " WEIR_BINARY;
    for (const auto& word : arguments)
      command += " " + word;
    return program({"/bin/sh", "-c", command});
  }

  /// The newest checkpoint below `root` is whole: a run goes on from it to its end.
  void goes_on_from(const fs::path& root) const {
    const auto left = checkpoints_in(only_entry(root));
    BOOST_TEST_REQUIRE(!left.empty());
    succeeds(growing_state({"-s", left.back().string()}, {"--per-second", "0"}));
  }
};

words names_in(const fs::path& directory) {
  words names;
  for (const auto& entry : fs::directory_iterator(directory))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// Behind it stands how to go on.
std::string reason_of(const finished_process& failed_run) {
  for (const std::string& line : failed_run.lines)
    if (line.starts_with("error: "))
      return line;
  return "";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(backends, backends_fixture)

BOOST_AUTO_TEST_CASE(a_checkpoint_in_memory_is_its_metadata) {
  const fs::path newest = newest_of("memory");
  BOOST_TEST((names_in(newest) == words{"_metadata"}));
  BOOST_TEST(!fs::exists(newest.parent_path() / "shared")); // it was empty
  resumes(newest, by("memory") + words{"-p", "2"});
  resumes(newest, by("jobmanager") + words{"-p", "3"});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_in_files_shares_none) {
  const fs::path newest = newest_of("filesystem");
  const words expected{"_metadata",       "clicks-0.operator", "clicks-1.operator",
                       "counts-0.keyed",  "counts-1.keyed",    "lines-0.operator",
                       "lines-1.operator"};
  BOOST_TEST((names_in(newest) == expected));
  BOOST_TEST(!fs::exists(newest.parent_path() / "shared")); // it was empty
  resumes(newest, by("filesystem") + words{"-p", "2"});
  resumes(newest, by("filesystem") + words{"-p", "3"});
}

BOOST_AUTO_TEST_CASE(compressed_files_are_smaller_and_read_whatever_the_option_says) {
  newest_of("filesystem");
  const auto plain = fs::file_size(
      checkpoints_in(only_entry(path() / "checkpoints")).back() / "counts-0.keyed");
  const backends_fixture other;
  const auto newest = other.newest_of(
      "filesystem", {"-D", "execution.checkpointing.snapshot-compression=true"});
  BOOST_TEST(fs::file_size(newest / "counts-0.keyed") < plain);
  other.resumes(newest, by("filesystem"));
}

BOOST_AUTO_TEST_CASE(another_backend_than_that_of_the_checkpoint_is_refused) {
  const fs::path newest = newest_of("filesystem");
  refuses(restore_refused, click_count({"-s", newest.string()}),
          {"'filesystem'", "'rocksdb'", "state.backend.type"});
}

BOOST_AUTO_TEST_CASE(a_backend_that_there_is_not) {
  refuses(usage, click_count(by("forst")), {"state.backend.type", "'forst'", "rocksdb"});
}

BOOST_AUTO_TEST_CASE(more_state_than_the_memory_backend_takes_fails_the_job) {
  const finished_process ended = weir(growing_state(
      checkpointing + by("memory") + words{"-D", "state.backend.memory.max-size=512kb"},
      {"--numbers", "200000"}));
  BOOST_TEST(ended.end.code == failed);
  for (const std::string wanted : {"pages-0", "state.backend.memory.max-size", "rocksdb"})
    BOOST_TEST(reason_of(ended).find(wanted) != std::string::npos, reason_of(ended));
}

BOOST_AUTO_TEST_CASE(a_full_disk_fails_the_job_and_leaves_the_checkpoints_before_whole) {
  // Long enough for some checkpoints, however slow the disk is.
  const finished_process ended =
      shell("trap '' XFSZ; ulimit -f 3000; ",
            growing_state(checkpointing, {"--numbers", "200000"}));
  BOOST_TEST_REQUIRE(ended.end.code == failed);
  for (const std::string wanted : {"checkpoints/", "File too large"})
    BOOST_TEST(reason_of(ended).find(wanted) != std::string::npos, reason_of(ended));
  goes_on_from(path() / "checkpoints");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_directory_that_goes_away_fails_the_job_with_its_path) {
  const words command =
      words{WEIR_BINARY} + growing_state(checkpointing, {"--numbers", "200000"});
  child_process job(command, path());
  const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
  std::string last;
  bool moved = false;
  while (job.next(deadline) == child_process::event::line) {
    last = job.line();
    if (!moved && last.starts_with("checkpoint 2 completed")) {
      fs::rename(path() / "checkpoints", path() / "moved");
      moved = true;
    }
  }
  BOOST_TEST(job.wait().code == failed);
  for (const std::string wanted : {"checkpoints/", "No such file or directory"})
    BOOST_TEST(last.find(wanted) != std::string::npos, last);
  fs::remove_all(path() / "checkpoints"); // what the job tried to make again, if anything
  goes_on_from(path() / "moved");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_backends
