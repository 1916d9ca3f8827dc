// A job that was killed and resumed writes what an undisturbed one writes, however the
// checkpoint is named and wherever it lies; and what a job leaves on disk is what it
// should.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_resume {

namespace fs = std::filesystem;

namespace {

const words checkpointing{"-D", "execution.checkpointing.interval=50ms", "-D",
                          "execution.checkpointing.dir=checkpoints"};

const words slowly{"--per-second", "5000"}; // time for a few checkpoints

/// Of all jobs.
fs::path newest_in(const fs::path& root) {
  fs::path newest;
  for (const auto& job : fs::directory_iterator(root)) {
    const auto taken = checkpoints_in(job);
    if (!taken.empty() && (newest.empty() || fs::last_write_time(taken.back()) >
                                                 fs::last_write_time(newest)))
      newest = taken.back();
  }
  return newest;
}

struct resume_fixture : killed_job {
  void resumes_from(const std::string& from) const {
    succeeds(click_count({"-s", from}));
    const bool same = sorted_lines(path() / "output") == undisturbed_output();
    BOOST_TEST(same, "resumed from " << from << " the output is another one");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(resume, resume_fixture)

BOOST_AUTO_TEST_CASE(from_the_checkpoint_directory) {
  resumes_from(newest().string());
}

BOOST_AUTO_TEST_CASE(from_a_relative_path_with_a_slash) {
  resumes_from(newest().lexically_relative(path()).string() + "/");
}

BOOST_AUTO_TEST_CASE(from_the_metadata_file) {
  resumes_from((newest() / "_metadata").string());
}

BOOST_AUTO_TEST_CASE(from_a_uri) {
  resumes_from("file://" + newest().string());
}

BOOST_AUTO_TEST_CASE(from_a_uri_with_one_slash) {
  resumes_from("file:" + newest().string());
}

BOOST_AUTO_TEST_CASE(from_the_job_directory_which_says_from_where) {
  const auto resumed = weir(click_count({"-s", job_directory().string()}));
  BOOST_TEST(resumed.end.code == 0);
  BOOST_TEST(std::ranges::count(resumed.lines, "restoring from " + newest().string()) ==
             1);
  BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
}

BOOST_AUTO_TEST_CASE(from_every_checkpoint_that_is_left) {
  const std::size_t left = checkpoints_in(job_directory()).size();
  BOOST_TEST(left == 3u);
  for (std::size_t i = 0; i < left; ++i) {
    const resume_fixture untouched;
    untouched.resumes_from(checkpoints_in(untouched.job_directory())[i].string());
  }
}

BOOST_AUTO_TEST_CASE(from_a_copy_after_the_original_is_gone) {
  fs::copy(job_directory(), path() / "copy", fs::copy_options::recursive);
  fs::remove_all(path() / "checkpoints");
  resumes_from((path() / "copy" / newest().filename()).string());
}

BOOST_AUTO_TEST_CASE(at_another_parallelism) {
  for (const std::string tasks : {"1", "3", "5"}) {
    const resume_fixture untouched;
    untouched.succeeds(click_count({"-p", tasks, "-s", untouched.newest().string()}));
    BOOST_TEST((sorted_lines(untouched / "output") == undisturbed_output()),
               "resumed at parallelism " << tasks);
  }
}

BOOST_AUTO_TEST_CASE(at_one_parallelism_after_another) {
  fs::path from = newest();
  for (const std::string tasks : {"3", "1", "4"}) {
    const auto killed = interrupted(
        click_count(checkpointing + words{"-p", tasks, "-s", from.string()}, slowly), 2,
        SIGKILL);
    BOOST_TEST_REQUIRE(killed.end.signal == SIGKILL);
    from = newest_in(path() / "checkpoints");
  }
  resumes_from(from.string());
}

BOOST_AUTO_TEST_CASE(with_checkpoints_that_continue_the_numbering) {
  const auto killed = interrupted(
      click_count(checkpointing + words{"-s", newest().string()}, slowly), 2, SIGKILL);
  BOOST_TEST_REQUIRE(killed.end.signal == SIGKILL);
  BOOST_TEST(!fs::exists(job_directory() / "work"), "a dead job's work is left");
  const fs::path last = newest_in(path() / "checkpoints");
  BOOST_TEST((last.parent_path() != job_directory()));
  BOOST_TEST(!fs::exists(last.parent_path() / "chk-1"));
  resumes_from(last.string());
}

BOOST_AUTO_TEST_CASE(a_job_built_as_an_executable) {
  const words job{"--", "--clicks", "100000", "--output", "output"};
  const words resume_it{click_count_program(), "-p", "2", "-s", newest().string()};
  BOOST_TEST(program(resume_it + job).end.code == 0);
  BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
  fs::remove_all(path() / "output");
  BOOST_TEST(program(words{click_count_program(), "-p", "2"} + job).end.code == 0);
  BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
  BOOST_TEST(program({click_count_program(), "-p", "2"}).end.code == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(what_a_job_leaves, workspace)

BOOST_AUTO_TEST_CASE(three_newest_checkpoints_and_the_files_they_refer_to) {
  // So often that one is under way when the job is cancelled.
  interrupted(click_count(words{"-D", "execution.checkpointing.interval=10ms", "-D",
                                "execution.checkpointing.dir=checkpoints"} +
                              retain_on_cancellation,
                          slowly),
              5, SIGINT);
  const fs::path job = only_entry(path() / "checkpoints");
  const auto kept = checkpoints_in(job);
  BOOST_TEST_REQUIRE(kept.size() == 3u);
  BOOST_TEST(!fs::exists(job / "work"));
  BOOST_TEST(!fs::exists(job / "chk-1"));
  words expected{"_job", "shared"};
  words referenced;
  for (const auto& checkpoint : kept) {
    expected.push_back(checkpoint.filename());
    referenced = referenced + shared_names(checkpoint);
  }
  words present;
  for (const auto& entry : fs::directory_iterator(job))
    present.push_back(entry.path().filename());
  std::sort(expected.begin(), expected.end());
  std::sort(present.begin(), present.end());
  BOOST_TEST(present == expected, boost::test_tools::per_element());
  std::sort(referenced.begin(), referenced.end());
  referenced.erase(std::unique(referenced.begin(), referenced.end()), referenced.end());
  words shared;
  for (const auto& file : files_in(job / "shared"))
    shared.push_back(file.filename());
  BOOST_TEST(shared == referenced, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_without_checkpoints) {
  succeeds(click_count({}));
  BOOST_TEST(only_entry(path()).filename() == "output");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_resume
