// `weir checkpoint ...` on what a killed job left.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::testing::test_checkpoint_commands {

namespace fs = std::filesystem;

namespace {

const int restore_refused = 3;

struct command_fixture : killed_job {
  /// `weir checkpoint ARGUMENTS`, with its standard output among what it says.
  finished_process asked(const words& arguments) const {
    return program(
        words{"/bin/sh", "-c", "exec \"$@\" 1>&2", "sh", WEIR_BINARY, "checkpoint"} +
        arguments);
  }
  /// The same; nothing has changed.
  finished_process looked(const words& arguments) const {
    const auto before = listing(path());
    finished_process done = asked(arguments);
    BOOST_TEST((listing(path()) == before));
    return done;
  }
  void refuses_checkpoint(int code, const words& arguments, const words& wanted) const {
    refuses(code, words{"checkpoint"} + arguments, wanted);
  }
};

std::size_t lines_with(const finished_process& by, const words& parts) {
  return static_cast<std::size_t>(
      std::ranges::count_if(by.lines, [&](const std::string& line) {
        return std::ranges::all_of(
            parts, [&](const std::string& part) { return line.find(part) != line.npos; });
      }));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(checkpoint_commands, command_fixture)

BOOST_AUTO_TEST_CASE(list_names_the_checkpoints_of_a_job_and_of_all_jobs) {
  fs::create_directory(job_directory() / "chk-99");
  for (const auto& from : {job_directory(), path() / "checkpoints"}) {
    const auto done = looked({"list", from.string()});
    BOOST_TEST(done.end.code == 0);
    BOOST_TEST(lines_with(done, {job_directory().string(), "click_count"}) == 1u);
    BOOST_TEST(lines_with(done, {"complete", " ago ", "clicks, counts, lines"}) == 3u);
    BOOST_TEST(lines_with(done, {"chk-99", "incomplete"}) == 1u);
    const auto json = looked({"list", "--json", from.string()});
    BOOST_TEST(lines_with(json, {R"("complete":true)", R"("running":false)",
                                 R"("operators":["clicks","counts","lines"])"}) == 3u);
    BOOST_TEST(lines_with(json, {R"("checkpoint":99)", R"("complete":false)"}) == 1u);
  }
  refuses_checkpoint(restore_refused, {"list", "nowhere"}, {"nowhere", "No such file"});
}

BOOST_AUTO_TEST_CASE(show_tells_what_a_checkpoint_says_of_itself) {
  for (const std::string& from :
       {newest().string(), job_directory().string(), "file:" + newest().string()}) {
    const auto done = looked({"show", from});
    BOOST_TEST(done.end.code == 0);
    for (const words& parts : {words{"checkpoint " + newest().string()},
                               words{job_directory().filename().string(), "click_count"},
                               words{"state backend rocksdb"},
                               words{"operator 'counts', 2 tasks, max parallelism 128"},
                               words{"state 'value'"}, words{"task 1: counts-1.keyed"},
                               words{"task 0: clicks-0.operator"}})
      BOOST_TEST(lines_with(done, parts) == 1u, parts.front());
    BOOST_TEST(lines_with(done, {"shared/" + shared_names(newest()).front()}) > 0u);
  }
  const auto json = looked({"show", "--json", newest().string()});
  BOOST_TEST_REQUIRE(json.lines.size() == 1u);
  BOOST_TEST(lines_with(json, {R"("job_name":"libclick_count")", R"("name":"counts")",
                               R"("key_type":"u64")", R"("shared":true)"}) == 1u);
}

BOOST_AUTO_TEST_CASE(verify_names_every_file_that_differs) {
  const auto intact = looked({"verify", newest().string()});
  BOOST_TEST(intact.end.code == 0);
  BOOST_TEST(lines_with(intact, {newest().string(), "is intact"}) == 1u);
  const fs::path shared = job_directory() / "shared" / shared_names(newest()).front();
  fs::remove(shared);
  write_text(newest() / "counts-1.keyed", "x");
  const auto damaged = looked({"verify", newest().string()});
  BOOST_TEST(damaged.end.code == restore_refused);
  BOOST_TEST(damaged.lines.size() == 2u);
  BOOST_TEST(lines_with(damaged, {"error: ", shared.string(), "No such file"}) == 1u);
  BOOST_TEST(lines_with(damaged, {"error: ", "counts-1.keyed", "size should be"}) == 1u);
  refuses_checkpoint(restore_refused, {"verify", "nowhere"},
                     {"nowhere", "check the path"});
}

BOOST_AUTO_TEST_CASE(rm_leaves_the_other_checkpoints_whole) {
  const auto all = checkpoints_in(job_directory());
  const auto done = asked({"rm", all[0].string(), all[2].string()});
  BOOST_TEST(done.end.code == 0);
  BOOST_TEST(lines_with(done, {"removed "}) == 2u);
  BOOST_TEST((checkpoints_in(job_directory()) == std::vector{all[1]}));
  BOOST_TEST(looked({"verify", all[1].string()}).end.code == 0);
  refuses_checkpoint(restore_refused, {"rm", job_directory().string()}, {"chk-N"});
  refuses_checkpoint(restore_refused, {"rm", all[0].string()}, {"does not exist"});
  BOOST_TEST(asked({"rm", all[1].string()}).end.code == 0);
}

BOOST_AUTO_TEST_CASE(rm_of_a_running_jobs_is_refused) {
  child_process running(words{WEIR_BINARY} +
                            click_count({"-D", "execution.checkpointing.interval=50ms",
                                         "-D", "execution.checkpointing.dir=live", "-D",
                                         "execution.checkpointing.num-retained=1000"},
                                        {"--output", "another", "--per-second", "2000"}),
                        path());
  const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
  while (running.next(deadline) == child_process::event::line &&
         running.line().find(" completed in ") == std::string::npos) {
  }
  const fs::path job = only_entry(path() / "live");
  const auto listed = asked({"list", job.string()});
  const auto refused = weir({"checkpoint", "rm", (job / "chk-1").string()});
  running.kill();
  BOOST_TEST(lines_with(listed, {job.string(), "(running)"}) == 1u);
  BOOST_TEST(refused.end.code == restore_refused);
  BOOST_TEST(lines_with(refused, {"in use by a running job", "stop that job"}) == 1u);
}

BOOST_AUTO_TEST_CASE(a_copy_restores_after_everything_else_is_gone) {
  const auto done = asked({"copy", newest().string(), "elsewhere"});
  BOOST_TEST(done.end.code == 0);
  const fs::path copied =
      path() / "elsewhere" / job_directory().filename() / newest().filename();
  BOOST_TEST(lines_with(done, {"copied", copied.string()}) == 1u);
  refuses_checkpoint(2, {"copy", newest().string(), "elsewhere"}, {"exists"});
  fs::remove_all(path() / "checkpoints");
  fs::rename(path() / "elsewhere", path() / "moved");
  succeeds(click_count({"-s", (path() / "moved" / job_directory().filename()).string()}));
  BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
}

BOOST_AUTO_TEST_CASE(help_and_wrong_command_lines) {
  for (const std::string verb : {"list", "show", "verify", "rm", "copy"}) {
    const auto help = asked({verb, "--help"});
    BOOST_TEST(help.end.code == 0);
    BOOST_TEST(lines_with(help, {"weir checkpoint " + verb}) > 0u);
    BOOST_TEST(lines_with(help, {"Exit codes"}) == 1u);
    refuses_checkpoint(2, {verb}, {"--help"});
  }
  refuses_checkpoint(2, {}, {"--help"});
  refuses_checkpoint(2, {"move", "x"}, {"--help"});
  refuses_checkpoint(2, {"show", "--fast", newest().string()}, {"--fast"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_checkpoint_commands
