// `weir run -r JOBID`: a job goes on as it was run before, and whoever ends says how.
#include "state/job_places.hpp"
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_resume_again {

namespace fs = std::filesystem;

namespace {

const int usage = 2;
const int restore_refused = 3;

std::string text_of(const finished_process& process) {
  std::string text;
  for (const auto& line : process.lines)
    text += line + "\n";
  return text;
}

/// A click_count with the id `clicks` that was killed after some checkpoints, in
/// `weir-checkpoints` unless the flags say otherwise.
struct killed_here : workspace {
  explicit killed_here(const words& flags = {}, const std::string& root = usual) {
    const words command = click_count(flags + slow_checkpoints + named, slowly);
    BOOST_REQUIRE_NE(interrupted(command, 1, SIGKILL).end.signal, 0);
    job = path() / root / "clicks";
  }

  void goes_on(const words& arguments) const {
    const auto run = weir(words{"run"} + arguments);
    BOOST_TEST(run.end.code == 0, text_of(run));
    BOOST_TEST(text_of(run).find("job clicks FINISHED") != std::string::npos,
               text_of(run));
    check_output();
  }
  void check_output() const {
    BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
  }

  static inline const std::string usual = "weir-checkpoints";
  static inline const words slow_checkpoints{"-D",
                                             "execution.checkpointing.interval=100ms"};
  static inline const words named{"--job-id", "clicks"};
  static inline const words slowly{"--per-second", "25000"};
  fs::path job;
};

std::string last_line(const finished_process& run) {
  const std::string& line = run.lines.back();
  return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(resume_again)

BOOST_AUTO_TEST_CASE(a_job_goes_on_with_nothing_but_its_id_or_its_beginning) {
  for (const std::string id : {"clicks", "cli"}) {
    const killed_here place;
    place.goes_on({"-r", id});
    BOOST_TEST(!fs::exists(place.job), "a job that has finished leaves nothing");
  }
}

BOOST_AUTO_TEST_CASE(its_directory_will_do_from_anywhere) {
  const killed_here place({"-D", "execution.checkpointing.dir=elsewhere"}, "elsewhere");
  place.refuses(restore_refused, {"run", "-r", "clicks"},
                {"no job 'clicks'", "weir-checkpoints", "execution.checkpointing.dir"});
  fs::create_directory(place / "below");
  const auto run = place.program(
      {"/bin/sh", "-c", "cd below && exec " WEIR_BINARY " run -r ../elsewhere/clicks"});
  BOOST_TEST(run.end.code == 0, text_of(run));
  BOOST_TEST(text_of(run).starts_with("going on in " + place.path().string() + "\n"));
  place.check_output();
}

BOOST_AUTO_TEST_CASE(where_it_is_looked_for_an_option_says_or_a_file) {
  const killed_here place({"-D", "execution.checkpointing.dir=elsewhere"}, "elsewhere");
  fs::copy(place / "elsewhere", place / "copied", fs::copy_options::recursive);
  place.goes_on({"-D", "state.checkpoints.dir=copied", "-r", "clicks"});
  BOOST_TEST(!fs::exists(place / "copied/clicks"));
  BOOST_TEST(fs::exists(place.job)); // that is not where the job went on
  write_text(place / "weir.yaml", "state.checkpoints.dir: elsewhere\n");
  place.goes_on({"-r", "clicks"});
  BOOST_TEST(!fs::exists(place.job));
}

BOOST_AUTO_TEST_CASE(options_are_what_they_were_though_their_file_is_gone) {
  const workspace other;
  const fs::path file = other / "options.yaml";
  write_text(file, "pipeline.max-parallelism: 7\n");
  const killed_here place({"-c", file.string()});
  fs::remove(file);
  const auto run = place.weir({"run", "-r", "clicks", "--dry-run", "-p", "8"});
  BOOST_TEST(run.end.code == usage);
  BOOST_TEST(last_line(run).find("pipeline.max-parallelism 7") != std::string::npos);
  write_text(file, "pipeline.max-parallelism: 7\nparallelism.default: 3\n");
  place.goes_on({"-c", file.string(), "-r", "clicks"}); // a file takes the other's place
}

BOOST_AUTO_TEST_CASE(what_is_given_counts_more_than_what_was) {
  const killed_here place;
  fs::copy(click_count_library(), place / "newer.so");
  const auto run = place.weir({"run", "-r", "clicks", "-p", "3", "--dry-run", "newer.so",
                               "--", "--clicks", "100000"});
  BOOST_TEST(run.end.code == usage); // click_count wants an --output
  BOOST_TEST(last_line(run).find("--output") != std::string::npos, last_line(run));
  place.goes_on({"-r", "clicks", "-p", "3", "newer.so"});
}

BOOST_AUTO_TEST_CASE(a_job_that_is_a_program_does_it_itself) {
  const workspace place;
  const words arguments{"--job-id", "alone", "-p",
                        "2",        "-D",    "execution.checkpointing.interval=100ms"};
  const words of_job{"--",     "--clicks",     "100000", "--output",
                     "output", "--per-second", "25000"};
  {
    child_process job(words{click_count_program()} + arguments + of_job, place.path());
    const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
    while (job.next(deadline) == child_process::event::line)
      if (job.line().starts_with("checkpoint 1 "))
        job.kill();
  }
  place.refuses(usage, {"run", "-r", "alone"},
                {"a program of its own", click_count_program() + " -r "});
  const auto run = place.program({click_count_program(), "-r", "alone"});
  BOOST_TEST(run.end.code == 0, text_of(run));
  BOOST_TEST((sorted_lines(place / "output") == undisturbed_output()));
}

BOOST_AUTO_TEST_CASE(the_last_line_of_a_cancelled_run_is_the_command) {
  for (const std::string& root : words{killed_here::usual, "else where"}) {
    const workspace place;
    const auto run = place.interrupted(
        click_count(killed_here::slow_checkpoints + killed_here::named +
                        retain_on_cancellation +
                        words{"-D", "execution.checkpointing.dir=" + root},
                    killed_here::slowly),
        1, SIGTERM);
    const std::string job = root == killed_here::usual
                                ? "clicks"
                                : "'" + (place / root / "clicks").string() + "'";
    BOOST_TEST(last_line(run) == WEIR_BINARY " run -r " + job);
    const auto again = place.program({"/bin/sh", "-c", last_line(run)});
    BOOST_TEST(again.end.code == 0, text_of(again));
    BOOST_TEST((sorted_lines(place / "output") == undisturbed_output()));
  }
}

BOOST_AUTO_TEST_CASE(so_is_that_of_a_failed_one) {
  const workspace place;
  const words command{"run",
                      "-D",
                      "restart-strategy.type=none",
                      "--job-id",
                      "bad",
                      "-D",
                      "execution.checkpointing.interval=50ms",
                      "-D",
                      "pipeline.read-limit.rows-per-second=250",
                      fixture("failing")};
  const auto run = place.weir(command);
  BOOST_TEST(run.end.code == 1);
  BOOST_TEST_REQUIRE(run.lines.size() > 3U);
  BOOST_TEST(last_line(run) == WEIR_BINARY " run -r bad");
  BOOST_TEST(run.lines[run.lines.size() - 3].starts_with("error: "));
  const auto told = place.weir(words{"run", "-r", "bad", "--json"});
  BOOST_TEST(told.end.code == 1);
  BOOST_TEST(text_of(told).find(R"("resume_command":")" WEIR_BINARY " run -r bad\"") !=
                 std::string::npos,
             text_of(told));
}

BOOST_AUTO_TEST_CASE(what_nobody_can_go_on_with_is_refused_in_one_line) {
  const killed_here place;
  const auto refuses = [&](int code, const words& arguments, const words& wanted) {
    place.refuses(code, words{"run"} + arguments, wanted);
  };
  refuses(restore_refused, {"-r", "no-such"}, {"no job 'no-such'", "there are clicks"});
  refuses(restore_refused, {"-r", "./nowhere/x"}, {"there is no checkpoint in it"});
  refuses(restore_refused,
          {"-r", "weir-checkpoints/clicks/" +
                     checkpoints_in(place.job).back().filename().string()},
          {"this is a checkpoint", "-s"});
  refuses(usage, {"-r", "clicks", "-s", place.job.string()}, {"excludes"});
  refuses(usage, {"-r", "clicks", "--job-id", "other"}, {"excludes"});
  refuses(usage, {}, {"JOB is required"});
  fs::copy(place.job, place / "weir-checkpoints/click-2", fs::copy_options::recursive);
  refuses(usage, {"-r", "cli"}, {"several jobs", "click-2, clicks"});
  write_text(place.job / "_job", "{\"weir\":");
  refuses(restore_refused, {"-r", "clicks"}, {"does not say how its job is run", "_job"});
  fs::remove(place.job / "_job");
  refuses(restore_refused, {"-r", "clicks"}, {"does not say how", "weir run -s "});
}

BOOST_AUTO_TEST_CASE(nor_is_a_job_that_runs_or_whose_directory_is_gone) {
  const killed_here place;
  {
    child_process job({WEIR_BINARY, "run", "-r", "clicks", "--", "--clicks", "100000",
                       "--output", "output", "--per-second", "5000"},
                      place.path());
    const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
    while (job.next(deadline) == child_process::event::line)
      if (job.line().starts_with("restored from"))
        break;
    const auto second = place.weir({"run", "-r", "clicks"});
    BOOST_TEST(second.end.code == restore_refused);
    BOOST_TEST(last_line(second).find("in use by a running job") != std::string::npos);
    job.kill();
  }
  const workspace elsewhere;
  fs::copy(place.job, elsewhere / "clicks", fs::copy_options::recursive);
  std::string note = *weir::job_note(elsewhere / "clicks");
  const std::string directory = place.path().string();
  note.replace(note.find(directory), directory.size(), "/gone");
  weir::note_job(elsewhere / "clicks", note);
  elsewhere.refuses(restore_refused, {"run", "-r", "./clicks"},
                    {"ran in '/gone'", "no directory any more"});
}

BOOST_AUTO_TEST_CASE(the_note_goes_with_the_last_checkpoint) {
  const killed_here place;
  for (const fs::path& checkpoint : checkpoints_in(place.job)) {
    BOOST_TEST(fs::exists(place.job / "_job"));
    place.succeeds({"checkpoint", "rm", checkpoint.string()});
  }
  BOOST_TEST(!fs::exists(place.job / "_job"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_resume_again
