// What a run says on standard error: to people, to scripts, and on a terminal.
#include "serialization/json.hpp"
#include "tests/end_to_end/workspace.hpp"
#include "tests/support/screen.hpp"
#include "tests/support/terminal_process.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_output {

namespace fs = std::filesystem;

// What is read of an event; the rest is skipped. (Not without a name: its fields' names
// are read from its type.)
namespace events {
struct any {
  std::string event;
  std::int64_t time_ms;
};
struct of_operator {
  std::string name;
  std::uint64_t records_in;
  std::uint64_t records_out;
};
struct ended {
  std::string status;
  std::uint64_t rows_read;
  std::uint64_t rows_written;
  std::uint64_t checkpoints;
  std::optional<std::string> resume_from;
  std::vector<of_operator> operators;
};
struct failed {
  std::int32_t exit_code;
  std::string message;
};
} // namespace events

namespace {

const words checkpointing{"-D", "execution.checkpointing.interval=50ms", "-D",
                          "execution.checkpointing.dir=checkpoints"};

template <class Event>
Event read(const std::string& line) {
  Event event;
  const auto problem = weir::parse_json(line, event);
  BOOST_TEST_REQUIRE(!problem.has_value(), "no such event: " << line);
  return event;
}

/// The kinds of events, in their order; every line has to be one.
words kinds_of(const words& lines) {
  words kinds;
  for (const auto& line : lines) {
    const auto any = read<events::any>(line);
    BOOST_TEST(any.time_ms > 1'700'000'000'000);
    kinds.push_back(any.event);
  }
  return kinds;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

words failing_job(const words& flags, const words& job_options = {}) {
  return words{"run"} + flags + words{fixture("failing"), "--"} + job_options;
}

const std::string bad_number = "operator 'checks', subtask 0: this number is bad (while "
                               "processing: 1000,number 1000)";

} // namespace

BOOST_FIXTURE_TEST_SUITE(output_as_lines, workspace)

BOOST_AUTO_TEST_CASE(a_finished_job_ends_with_a_summary) {
  const auto run = weir(click_count({}));
  BOOST_TEST_REQUIRE(run.lines.size() == 7U);
  BOOST_TEST((run.lines[1].starts_with("job ") && run.lines[1].ends_with(" FINISHED")));
  BOOST_TEST(run.lines[3].starts_with("  rows read     100,000 ("));
  const auto written = std::to_string(sorted_lines(path() / "output").size());
  BOOST_TEST(run.lines[4].starts_with("  rows written  " + written.substr(0, 2) + "," +
                                      written.substr(2) + " ("));
  BOOST_TEST(run.lines[5] == "  checkpoints   0");
  BOOST_TEST(run.lines[6] == "  restarts      0");
}

BOOST_AUTO_TEST_CASE(a_failed_job_has_its_summary_before_the_error) {
  const auto run = weir(failing_job({"-D", "restart-strategy.fixed-delay.attempts=2",
                                     "-D", "restart-strategy.fixed-delay.delay=0"}));
  BOOST_TEST(run.end.code == 1);
  BOOST_TEST_REQUIRE(run.lines.size() > 7U);
  BOOST_TEST(run.lines[1] == "failed: " + bad_number + "; attempt 2 begins in 0 ms");
  BOOST_TEST(run.lines.back() == "error: " + bad_number);
  BOOST_TEST(run.lines[run.lines.size() - 2] == "  restarts      2");
  BOOST_TEST(std::ranges::count_if(run.lines, [](const std::string& line) {
               return line.ends_with(" FAILED");
             }) == 1);
}

BOOST_AUTO_TEST_CASE(a_quiet_job_says_nothing_unless_it_has_to) {
  BOOST_TEST(weir(click_count(words{"--quiet"} + checkpointing)).lines.empty());
  const auto failed = weir(failing_job({"-q"}));
  BOOST_TEST(failed.end.code == 1);
  BOOST_TEST(failed.lines == words{"error: " + bad_number},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_job_built_as_an_executable_takes_the_same_flags) {
  const words job{"--", "--clicks", "10", "--output", "output"};
  BOOST_TEST(program(words{click_count_program(), "-q"} + job).lines.empty());
  fs::remove_all(path() / "output");
  const auto json = program(words{click_count_program(), "--json"} + job);
  BOOST_TEST(kinds_of(json.lines) == (words{"started", "ended"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(quiet_and_json_exclude_each_other) {
  refuses(2, click_count({"--quiet", "--json"}), {"--quiet", "--json"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(output_as_json, workspace)

BOOST_AUTO_TEST_CASE(every_line_is_an_event) {
  const auto run =
      weir(click_count(words{"--json"} + checkpointing, {"--per-second", "40000"}));
  BOOST_TEST(run.end.code == 0);
  const words kinds = kinds_of(run.lines);
  BOOST_TEST_REQUIRE(kinds.size() > 2U);
  BOOST_TEST(kinds.front() == "started");
  BOOST_TEST(kinds.back() == "ended");
  const auto checkpoints = std::ranges::count(kinds, "checkpoint");
  BOOST_TEST(checkpoints > 0);

  const auto ended = read<events::ended>(run.lines.back());
  BOOST_TEST(ended.status == "FINISHED");
  BOOST_TEST(ended.rows_read == 100'000U);
  BOOST_TEST(ended.rows_written == sorted_lines(path() / "output").size());
  BOOST_TEST(ended.checkpoints == static_cast<std::uint64_t>(checkpoints));
  BOOST_TEST(!ended.resume_from.has_value());
  BOOST_TEST_REQUIRE(ended.operators.size() == 2U);
  BOOST_TEST(ended.operators[0].name == "clicks");
  BOOST_TEST(ended.operators[0].records_out == ended.operators[1].records_in);
}

BOOST_AUTO_TEST_CASE(a_failure_is_an_event_too) {
  const auto run =
      weir(failing_job({"--json", "-D", "restart-strategy.fixed-delay.attempts=1"}));
  BOOST_TEST(run.end.code == 1);
  BOOST_TEST(kinds_of(run.lines) == (words{"started", "restarting", "ended", "error"}),
             boost::test_tools::per_element());
  BOOST_TEST(read<events::ended>(run.lines[2]).status == "FAILED");
  const auto failed = read<events::failed>(run.lines.back());
  BOOST_TEST(failed.exit_code == 1);
  BOOST_TEST(failed.message == bad_number);
}

BOOST_AUTO_TEST_CASE(so_is_a_refusal) {
  const auto run = weir(click_count({"--json", "-s", "nowhere"}));
  BOOST_TEST(run.end.code == 3);
  BOOST_TEST(kinds_of(run.lines) == words{"error"}, boost::test_tools::per_element());
  BOOST_TEST(read<events::failed>(run.lines.back()).exit_code == 3);
}

BOOST_AUTO_TEST_CASE(a_cancelled_job_says_where_to_resume) {
  child_process child(words{WEIR_BINARY} + click_count(words{"--json"} + checkpointing +
                                                           retain_on_cancellation,
                                                       {"--per-second", "1000"}),
                      path());
  const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
  words lines;
  bool told = false;
  while (child.next(deadline) == child_process::event::line) {
    lines.push_back(child.line());
    if (!told && read<events::any>(child.line()).event == "checkpoint") {
      child.signal(SIGTERM);
      told = true;
    }
  }
  BOOST_TEST(child.wait().code == 128 + SIGTERM);
  BOOST_TEST(std::ranges::count(kinds_of(lines), "cancelling") == 1);
  const auto ended = read<events::ended>(lines.back());
  BOOST_TEST(ended.status == "CANCELLED");
  BOOST_TEST_REQUIRE(ended.resume_from.has_value());
  BOOST_TEST(fs::exists(path() / *ended.resume_from / "_metadata"));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct terminal_fixture : workspace {
  /// Room for every line that has a path in it.
  static constexpr unsigned short wide = 250;

  terminal_process
  on_terminal(const words& arguments, terminal_process::size size = {wide, 24},
              const std::map<std::string, std::string>& environment = {}) const {
    std::map<std::string, std::string> all{{"TERM", "xterm"}, {"NO_COLOR", ""}};
    for (const auto& [name, value] : environment)
      all[name] = value;
    return {words{WEIR_BINARY} + arguments, path(), size, all};
  }

  /// What stands on the terminal after `bytes`.
  static words shown(const std::string& bytes) {
    screen terminal(wide);
    terminal.write(bytes);
    return terminal.lines();
  }
};

boost::test_tools::assertion_result with_terminals(boost::unit_test::test_unit_id) {
  return terminal_process::possible();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(output_on_a_terminal, terminal_fixture,
                         *boost::unit_test::precondition(with_terminals))

BOOST_AUTO_TEST_CASE(a_view_while_it_runs_and_a_summary_in_its_place) {
  auto job = on_terminal(click_count(checkpointing, {"--per-second", "100000"}));
  const std::string frame_end = "\x1b[J";
  BOOST_TEST_REQUIRE(job.reads(frame_end));
  const std::size_t drawn = job.output().find(frame_end) + frame_end.size();
  const words first = shown(job.output().substr(0, drawn));
  BOOST_TEST_REQUIRE(first.size() >= 5U);
  BOOST_TEST(contains(first[0], "started, checkpoints in"));
  BOOST_TEST(first[2].starts_with("operator  tasks "));
  BOOST_TEST(first[3].starts_with("clicks        2 "));
  BOOST_TEST(first[4].starts_with("counts        2 "));
  BOOST_TEST(job.wait().code == 0);
  BOOST_TEST(contains(job.output(), "\x1b[1m"));

  const words last = shown(job.output());
  BOOST_TEST_REQUIRE(last.size() == 7U);
  BOOST_TEST(last[0] == first[0]);
  BOOST_TEST(last[1].ends_with(" FINISHED"));
  BOOST_TEST(last[3].starts_with("  rows read     100,000 ("));
}

BOOST_AUTO_TEST_CASE(a_cancelled_job_leaves_the_terminal_as_it_should_be) {
  auto job = on_terminal(
      click_count(checkpointing + retain_on_cancellation, {"--per-second", "1000"}));
  BOOST_TEST_REQUIRE(job.reads(", checkpoint ")); // a frame that knows of one
  job.signal(SIGINT);
  BOOST_TEST(job.wait().code == 128 + SIGINT);
  const words last = shown(job.output());
  BOOST_TEST_REQUIRE(last.size() == 10U);
  BOOST_TEST(last[1] == "cancelling the job; a second signal ends it at once");
  BOOST_TEST(last[2].ends_with(" CANCELLED"));
  BOOST_TEST(last[8].ends_with("resume it with:"));
  BOOST_TEST(contains(last[9], " run -r "));
}

BOOST_AUTO_TEST_CASE(so_does_a_failed_one) {
  auto job = on_terminal(failing_job({}));
  BOOST_TEST(job.wait().code == 1);
  const words last = shown(job.output());
  BOOST_TEST_REQUIRE(last.size() == 8U);
  BOOST_TEST(last[1].ends_with(" FAILED"));
  BOOST_TEST(last[7] == "error: " + bad_number);
}

BOOST_AUTO_TEST_CASE(a_narrow_terminal_cuts_the_lines_of_the_view) {
  auto job = on_terminal(click_count({}, {"--per-second", "100000"}), {30, 6},
                         {{"NO_COLOR", "1"}});
  BOOST_TEST(job.wait().code == 0);
  // Other lines may wrap, as everywhere.
  const std::size_t begin = job.output().find('\n') + 1;
  const std::size_t end = job.output().rfind("\x1b[J");
  BOOST_TEST_REQUIRE(begin < end);
  const std::string frames = job.output().substr(begin, end - begin);
  BOOST_TEST(contains(frames, "rows read"));
  screen narrow(30);
  BOOST_CHECK_NO_THROW(narrow.write(frames));
  BOOST_TEST(!narrow.colored());
}

BOOST_AUTO_TEST_CASE(a_dumb_terminal_gets_lines) {
  auto job = on_terminal(click_count({}), {wide, 24}, {{"TERM", "dumb"}});
  BOOST_TEST(job.wait().code == 0);
  BOOST_TEST(!contains(job.output(), "\x1b"));
  BOOST_TEST(contains(job.output(), " FINISHED"));
}

BOOST_AUTO_TEST_CASE(so_does_one_that_the_job_prints_on) {
  auto job = on_terminal({"run", fixture("printing")});
  BOOST_TEST(job.wait().code == 0);
  BOOST_TEST(!contains(job.output(), "\x1b"));
  BOOST_TEST(contains(job.output(), "0\r\n1\r\n2\r\n"));
}

BOOST_AUTO_TEST_CASE(quiet_and_json_draw_nothing) {
  auto quiet = on_terminal(click_count({"-q"}));
  BOOST_TEST(quiet.wait().code == 0);
  BOOST_TEST(quiet.output().empty());
  fs::remove_all(path() / "output");
  auto json = on_terminal(click_count({"--json"}));
  BOOST_TEST(json.wait().code == 0);
  BOOST_TEST(!contains(json.output(), "\x1b"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_output
