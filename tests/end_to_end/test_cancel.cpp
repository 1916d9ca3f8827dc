// A job that is told to stop: by a signal, cleanly; by a second one, at once.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

namespace weir::testing::test_cancel {

namespace fs = std::filesystem;

namespace {

const words checkpointing{"-D", "execution.checkpointing.interval=50ms", "-D",
                          "execution.checkpointing.dir=checkpoints"};
const words slowly{"--per-second", "1000"}; // it would take very long

struct cancel_fixture : workspace {
  /// Reads on until a line that contains `part`; empty when it does not come.
  static std::string line_with(child_process& child, const std::string& part) {
    const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
    while (child.next(deadline) == child_process::event::line)
      if (child.line().find(part) != std::string::npos)
        return child.line();
    return "";
  }

  static words hanging(const std::string& timeout, const words& more = {}) {
    words line{WEIR_BINARY, "run", "-D", "task.cancellation.timeout=" + timeout};
    line.insert(line.end(), more.begin(), more.end());
    line.push_back(fixture("hanging"));
    return line;
  }
  /// It does not come back from the record that it has then.
  void hang(child_process& child) const {
    std::ofstream(path() / "hang");
    BOOST_REQUIRE(!line_with(child, "hanging").empty());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cancel, cancel_fixture)

BOOST_AUTO_TEST_CASE(a_signal_ends_the_job_and_its_last_line_says_how_to_resume) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const cancel_fixture place;
    const auto ended = place.interrupted(
        click_count(checkpointing + retain_on_cancellation, slowly), 2, signal);
    const std::string last = ended.lines.back();
    BOOST_TEST_REQUIRE(last.find(" run -r ") != std::string::npos, last);
    BOOST_TEST(ended.end.code == 128 + signal);

    const std::string at_full_speed = last + " -- --clicks 100000 --output output";
    BOOST_TEST(place.program({"/bin/sh", "-c", at_full_speed}).end.code == 0);
    const bool same = sorted_lines(place / "output") == undisturbed_output();
    BOOST_TEST(same, "resumed after a signal the output is another one");
  }
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_a_job_that_cannot_stop) {
  child_process child(hanging("0"), path());
  hang(child);
  child.signal(SIGINT);
  BOOST_REQUIRE(!line_with(child, "a second signal").empty());
  child.signal(SIGTERM);
  BOOST_TEST(child.wait().code == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(a_job_that_cannot_stop_ends_in_the_end) {
  child_process child(hanging("200ms"), path());
  hang(child);
  child.signal(SIGINT);
  const std::string said = line_with(child, "error: ");
  BOOST_TEST(said.find("did not come to an end within 200 ms") != said.npos, said);
  BOOST_TEST(said.ends_with("; the process ends without them"), said);
  BOOST_TEST(child.wait().code == 1);
}

BOOST_AUTO_TEST_CASE(a_job_that_cannot_stop_says_how_it_goes_on_from_its_checkpoint) {
  child_process child(hanging("200ms", checkpointing + retain_on_cancellation), path());
  BOOST_REQUIRE(!line_with(child, "checkpoint 1 completed").empty());
  hang(child);
  child.signal(SIGINT);
  BOOST_REQUIRE(!line_with(child, "; the process ends without them").empty());
  BOOST_REQUIRE(!line_with(child, "resume it with:").empty());
  const std::string command = line_with(child, WEIR_BINARY);
  BOOST_TEST(line_with(child, "").empty(), "the command is the last line");
  BOOST_TEST(child.wait().code == 1);

  fs::remove(path() / "hang");
  const auto resumed = program({"/bin/sh", "-c", command + " -- --per-second 0"});
  BOOST_TEST(resumed.end.code == 0, command);
  BOOST_TEST(std::ranges::any_of(resumed.lines, [](const std::string& line) {
    return line.starts_with("restored from ");
  }));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_cancel
