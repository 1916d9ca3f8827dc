// The first two days of somebody with weir, at a terminal: a job is run, looked at, saved
// and cancelled; its code changes, and it goes on at twice the parallelism.
#include "tests/end_to_end/workspace.hpp"
#include "tests/support/screen.hpp"
#include "tests/support/terminal_process.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>

namespace weir::testing::test_newcomer {

namespace fs = std::filesystem;

namespace {

constexpr int wide = 400; // no path breaks a line

struct newcomer_fixture : workspace {
  newcomer_fixture() { ::setenv("WEIR_RUN_DIR", (*this / "run").c_str(), 1); }
  ~newcomer_fixture() { ::unsetenv("WEIR_RUN_DIR"); }

  terminal_process terminal(const words& arguments) const {
    return {words{WEIR_BINARY} + arguments, path(), {wide, 30}, {{"TERM", "xterm"}}};
  }

  /// What stands on the terminal when `weir ARGUMENTS` is done.
  words shown(const words& arguments, int code = 0) const {
    auto done = terminal(arguments);
    const process_end end = done.wait();
    BOOST_TEST_REQUIRE(end.code == code, done.output());
    return on_screen(done.output());
  }
  static words on_screen(const std::string& output) {
    screen seen(wide);
    seen.write(output); // throws for what no terminal should be told
    return seen.lines();
  }
};

/// `run [FLAGS] LIBRARY -- --output OUTPUT --per-second PACE`
words baskets(const words& flags, const std::string& library, const std::string& output,
              const std::string& pace) {
  return words{"run"} + flags +
         words{"-D",           "execution.checkpointing.interval=100ms",
               "-D",           "execution.checkpointing.dir=checkpoints",
               library,        "--",
               "--output",     output,
               "--per-second", pace};
}

void has_line(const words& lines, const words& parts) {
  BOOST_TEST(std::ranges::any_of(lines,
                                 [&](const std::string& line) {
                                   return std::ranges::all_of(
                                       parts, [&](const std::string& part) {
                                         return line.find(part) != line.npos;
                                       });
                                 }),
             "no line with '" << parts.front() << "' ... among " << lines.size() << ": "
                              << (lines.empty() ? "" : lines.front()));
}

boost::test_tools::assertion_result with_terminals(boost::unit_test::test_unit_id) {
  return terminal_process::possible();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(newcomer, newcomer_fixture)

BOOST_AUTO_TEST_CASE(two_days_at_a_terminal_and_the_output_of_one_run,
                     *boost::unit_test::precondition(with_terminals)) {
  succeeds(baskets({"-q"}, fixture("baskets"), "undisturbed", "0"));

  // The first day: two hours of work in two terminals.
  auto job =
      terminal(baskets({"--job-id", "baskets"}, fixture("baskets"), "receipts", "2000"));
  BOOST_TEST_REQUIRE(job.reads(", checkpoint "), job.output());
  has_line(shown({"list"}), {"baskets", "libbaskets", " ago, chk-"});
  has_line(shown({"info", "bask"}), {"rows read"});
  has_line(shown({"savepoint", "baskets", "saved"}), {"/saved/savepoint-basket-"});
  has_line(shown({"cancel", "baskets"}), {"job baskets CANCELLED"});
  BOOST_TEST(job.wait().code == 143);
  has_line(on_screen(job.output()), {"job baskets CANCELLED"});
  has_line(shown({"list"}), {"no jobs are running"});

  const std::string saved = only_entry(*this / "saved").string();
  const words savepoint = shown({"checkpoint", "show", saved});
  has_line(savepoint, {"job baskets, libbaskets"});
  has_line(savepoint, {"operator 'baskets', 1 task,"});
  has_line(shown({"checkpoint", "verify", saved}), {"is intact"});
  has_line(shown({"state", "get", saved, "baskets", "7"}),
           {R"({"purchases":)", R"(,"cents":)"});
  has_line(shown({"state", "dump", saved}), {"100 entries"});
  has_line(shown({"state", "get", saved, "basket", "7"}, 3),
           {"error: there is no operator 'basket'", "it has 'baskets'"});

  // The second: the state has a field more, and there are twice as many tasks.
  const words resumed{"-p", "2", "-s", saved};
  has_line(shown(baskets(resumed + words{"--dry-run"}, fixture("baskets_day_two"),
                         "receipts", "0")),
           {"would restore ", saved});
  has_line(
      shown(baskets(resumed + words{"--dry-run"}, fixture("every_state"), "other", "0"),
            3),
      {"error: ", "operator 'baskets' is in the checkpoint and not in the job"});
  const words summary =
      shown(baskets(resumed, fixture("baskets_day_two"), "receipts", "0"));
  has_line(summary, {"restored from savepoint-"});
  has_line(summary, {" FINISHED"});
  BOOST_TEST((sorted_lines(*this / "receipts") == sorted_lines(*this / "undisturbed")));
}

BOOST_AUTO_TEST_CASE(without_a_terminal_there_are_lines) {
  const finished_process done = weir(baskets({}, fixture("baskets"), "receipts", "0"));
  BOOST_TEST(done.end.code == 0);
  has_line(done.lines, {" FINISHED"});
  for (const std::string& line : done.lines)
    BOOST_TEST(
        std::ranges::none_of(line, [](char c) { return c == '\x1b' || c == '\r'; }),
        line);
}

BOOST_AUTO_TEST_CASE(an_output_that_is_full_or_gone_is_one_line_or_none) {
  const auto shell = [&](const std::string& command) {
    return program({"/bin/bash", "-c", "weir=" WEIR_BINARY "; " + command});
  };
  const std::string golden = std::string(WEIR_GOLDEN_DIR) + "/checkpoints/v1/memory";
  for (const std::string& command :
       words{"--help", "list", "checkpoint list " + golden, "checkpoint show " + golden,
             "state dump " + golden, "config check", "completion bash", "man run"}) {
    BOOST_TEST_CONTEXT(command) {
      const auto full = shell("$weir " + command + " >/dev/full");
      BOOST_TEST(full.end.code == 1);
      BOOST_TEST_REQUIRE(full.lines.size() == 1U);
      BOOST_TEST(full.lines[0].starts_with("error: cannot write to standard output: No "
                                           "space left on device; free some space"));
      BOOST_TEST(shell("$weir " + command + " | head -n 1 >/dev/null").lines.empty());
      const auto gone =
          shell("trap '' PIPE; set -o pipefail; $weir " + command + " | true");
      BOOST_TEST(gone.end.code == 0);
      BOOST_TEST(gone.lines.empty());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_newcomer
