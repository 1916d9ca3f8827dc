// A job that reads standard input, fed slowly through a pipe: silence holds up neither
// its output nor its checkpoints nor its end.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_stdin {

namespace {

using clock_type = child_process::clock;

const words checkpoints{"-D", "execution.checkpointing.interval=50ms", "-D",
                        "execution.checkpointing.dir=checkpoints"};

/// `weir run` of a job that counts the lines of its standard input.
struct fed_job : workspace {
  explicit fed_job(const words& flags = checkpoints, const words& options = {})
      : child(words{WEIR_BINARY, "run", "-p", "2"} + flags +
                  words{fixture("stdin_to_files"), "--", "--output", "output"} + options,
              path(), child_process::input::pipe) {}

  /// Reads on until a line that contains `part`; empty when it does not come.
  std::string line_with(const std::string& part) {
    while (child.next(deadline) == child_process::event::line) {
      said.push_back(child.line());
      if (child.line().find(part) != std::string::npos)
        return child.line();
    }
    return "";
  }
  std::ptrdiff_t said_how_often(const std::string& part) const {
    return std::ranges::count_if(
        said, [&](const std::string& line) { return line.find(part) != line.npos; });
  }
  /// Waits for checkpoints until the output is `lines`: time passes with the job alone.
  bool writes(const words& lines) {
    while (!line_with("completed").empty())
      if (std::filesystem::exists(*this / "output") &&
          sorted_lines(*this / "output") == lines)
        return true;
    return false;
  }

  /// Waits for the end of a checkpoint that begins after this call.
  void await_checkpoint() {
    while (child.next(clock_type::now()) == child_process::event::line)
      said.push_back(child.line());
    for (int i = 0; i < 2; ++i) // the first may be under way
      BOOST_REQUIRE(!line_with("completed").empty());
  }

  clock_type::time_point deadline = clock_type::now() + std::chrono::seconds(60);
  words said;
  child_process child;
};

} // namespace

BOOST_AUTO_TEST_SUITE(standard_input)

BOOST_AUTO_TEST_CASE(silence_holds_up_neither_output_nor_checkpoints_nor_the_end) {
  fed_job job;
  BOOST_REQUIRE(!job.line_with("checkpoint 2 completed").empty()); // nothing came yet
  job.child.write("a\nb\n");
  BOOST_REQUIRE(job.writes({"a,1", "b,1"}));
  job.child.write("a\nhalf a li");
  BOOST_REQUIRE(job.writes({"a,1", "a,2", "b,1"}));
  job.child.write("ne");
  job.child.close_input();
  BOOST_TEST(!job.line_with("FINISHED").empty());
  BOOST_TEST(job.child.wait().code == 0);
  BOOST_TEST(
      (sorted_lines(job / "output") == words{"a,1", "a,2", "b,1", "half a line,1"}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_again_is_said_once_if_checkpoints_are_taken) {
  fed_job job;
  job.child.close_input();
  BOOST_TEST(!job.line_with("FINISHED").empty());
  BOOST_TEST(job.said_how_often("warning: ") == 1);
  BOOST_TEST(job.said_how_often("source 'lines' reads standard input, which cannot be "
                                "read again") == 1);
  fed_job other{words{}};
  other.child.close_input();
  BOOST_TEST(!other.line_with("FINISHED").empty());
  BOOST_TEST(other.said_how_often("warning: ") == 0);
}

BOOST_AUTO_TEST_CASE(a_signal_ends_a_job_whose_input_is_silent) {
  fed_job job;
  BOOST_REQUIRE(!job.line_with("checkpoint 1 completed").empty());
  job.child.signal(SIGINT);
  BOOST_TEST(!job.line_with("cancelled after").empty());
  BOOST_TEST(job.child.wait().code == 128 + SIGINT);
}

BOOST_AUTO_TEST_CASE(a_restart_goes_on_and_says_what_is_lost) {
  fed_job job(checkpoints + words{"-D", "restart-strategy.fixed-delay.attempts=1"},
              {"--fail-on", "bad"});
  job.child.write("a\n");
  BOOST_REQUIRE(job.writes({"a,1"}));
  job.await_checkpoint();
  job.child.write("bad\na\n");
  const std::string failed = job.line_with("attempt 2 begins");
  BOOST_TEST(failed.find("it was told to") != failed.npos, failed);
  const std::string restored = job.line_with("restored from chk-");
  const std::string id = restored.substr(restored.find("chk-"));
  BOOST_TEST(!job.line_with("what was read after " + id + " is lost").empty());
  job.child.write("c\na\n");
  job.child.close_input();
  BOOST_TEST(!job.line_with("FINISHED").empty());
  BOOST_TEST(job.child.wait().code == 0);
  const words written = sorted_lines(job / "output");
  BOOST_TEST(std::ranges::count(written, "a,2") == 1); // its state was restored
  BOOST_TEST(std::ranges::count(written, "c,1") == 1);
  BOOST_TEST(std::ranges::count(written, "bad,1") == 0); // lost, as was said
}

BOOST_AUTO_TEST_CASE(a_restore_says_what_is_lost_and_reads_what_comes_now) {
  fed_job job{checkpoints + retain_on_cancellation};
  job.child.write("a\n");
  BOOST_REQUIRE(job.writes({"a,1"}));
  job.await_checkpoint();
  job.child.signal(SIGTERM);
  const std::string command = job.line_with(" run -r ");
  BOOST_REQUIRE(!command.empty());
  job.child.wait();
  child_process resumed(words{"/bin/sh", "-c", command}, job.path(),
                        child_process::input::pipe);
  resumed.write("a\n");
  resumed.close_input();
  words said;
  while (resumed.next(job.deadline) == child_process::event::line)
    said.push_back(resumed.line());
  BOOST_TEST(resumed.wait().code == 0);
  BOOST_TEST(std::ranges::count_if(said, [](const std::string& line) {
               return line.find("what was read after chk-") != line.npos;
             }) == 1);
  BOOST_TEST((sorted_lines(job / "output") == words{"a,1", "a,2"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_stdin
