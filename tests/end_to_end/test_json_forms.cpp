// Every form with --json is what docs/schemas says.
#include "tests/end_to_end/golden_text.hpp"
#include "tests/support/json_schema.hpp"

#include <algorithm>
#include <csignal>

namespace weir::testing::test_json_forms {

namespace fs = std::filesystem;

namespace {

const words every_100_ms{"-D", "execution.checkpointing.interval=100ms", "-D",
                         "execution.checkpointing.dir=checkpoints"};

struct json_fixture : workspace {
  json_fixture() { ::setenv("WEIR_RUN_DIR", (*this / "run").c_str(), 1); }
  ~json_fixture() { ::unsetenv("WEIR_RUN_DIR"); }

  void check(const words& lines, const std::string& schema_name) const {
    const json_schema schema(fs::path(WEIR_SCHEMAS) / (schema_name + ".json"));
    for (const std::string& line : lines)
      BOOST_TEST_REQUIRE(schema.problem(line).empty(),
                         line << ": " << schema.problem(line));
  }

  /// The lines of a command, all of which are of that schema; there is one at least.
  words checked(const words& arguments, const std::string& schema_name,
                int code = 0) const {
    const finished_process done = weir_says(*this, arguments);
    BOOST_TEST_REQUIRE(done.end.code == code,
                       joined(arguments, " ") << " says " << joined(done.lines, "\n"));
    BOOST_TEST_REQUIRE(!done.lines.empty(), joined(arguments, " ") << " says nothing");
    check(done.lines, schema_name);
    return done.lines;
  }
};

/// A job that says what happens as JSON, until somebody ends it.
class telling_job {
public:
  telling_job(const workspace& place, const std::string& id)
      : child_(words{WEIR_BINARY} +
                   click_count(every_100_ms + words{"--json", "--job-id", id},
                               {"--clicks", "500000", "--users", "10", // 7 soon clicks
                                "--per-second", "5000"}),
               place.path()) {
    BOOST_REQUIRE(reads("\"event\":\"checkpoint\""));
  }

  bool reads(const std::string& part) {
    const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
    while (child_.next(deadline) == child_process::event::line) {
      lines_.push_back(child_.line());
      if (child_.line().find(part) != std::string::npos)
        return true;
    }
    return false;
  }
  /// All that it has told, once it is over.
  const words& lines() {
    reads("\n");
    child_.wait();
    return lines_;
  }

private:
  child_process child_;
  words lines_;
};

/// "checkpoint list" and all others that take --json.
std::set<std::string> commands_with_json(const workspace& in) {
  std::set<std::string> commands;
  for_each_help(in, {}, [&](const words& command, const words& lines) {
    if (std::ranges::any_of(lines, [](const std::string& line) {
          const auto at = line.find("--json ");
          return at != line.npos && at == line.find_first_not_of(' ');
        }))
      commands.insert(joined(command, " "));
  });
  return commands;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(json_forms, json_fixture)

BOOST_AUTO_TEST_CASE(every_command_with_json_is_what_its_schema_says) {
  std::set<std::string> tried;
  const auto of = [&](const std::string& command, const words& arguments,
                      const std::string& schema, int code = 0) {
    tried.insert(command);
    return checked(arguments, schema, code);
  };
  telling_job stopped(*this, "first");
  of("list", {"list", "--json"}, "job-info");
  of("info", {"info", "--json", "first"}, "job-info");
  of("checkpoint", {"checkpoint", "--json", "first"}, "job-answer");
  of("savepoint", {"savepoint", "--json", "first", "saved"}, "job-answer");
  const std::string saved = only_entry(*this / "saved").string();
  of("checkpoint list", {"checkpoint", "list", "--json", "saved"}, "checkpoint-entry");
  of("checkpoint list", {"checkpoint", "list", "--json", "checkpoints"},
     "checkpoint-entry");
  of("checkpoint show", {"checkpoint", "show", "--json", saved}, "checkpoint");
  of("state dump", {"state", "dump", "--json", saved}, "state-entry");
  of("state get", {"state", "get", "--json", saved, "counts", "7"}, "state-entry");
  of("stop", {"stop", "--json", "first", "stopped"}, "job-answer");
  const words events = stopped.lines();
  tried.insert("run");
  check(events, "run-event");
  BOOST_TEST_REQUIRE(events.size() > 3U);
  BOOST_TEST(events.back().find(R"("event":"ended")") != std::string::npos);

  const std::string later = only_entry(*this / "stopped").string();
  of("state diff", {"state", "diff", "--json", saved, later}, "state-change");
  of("checkpoint diff", {"checkpoint", "diff", "--json", saved, later},
     "checkpoint-diff");
  of("savepoint", {"savepoint", "--json", "--dispose", saved}, "removed-savepoint");

  fs::remove_all(*this / "output");
  telling_job cancelled(*this, "second");
  of("cancel", {"cancel", "--json", "second"}, "job-answer");
  check(cancelled.lines(), "run-event");

  fs::create_directories(*this / "checkpoints/second/chk-99");
  of("checkpoint gc", {"checkpoint", "gc", "--json", "checkpoints/second"},
     "checkpoint-garbage");
  of("config check", {"config", "check", "--json"}, "option");

  BOOST_TEST((tried == commands_with_json(*this)));
}

BOOST_AUTO_TEST_CASE(dry_runs_and_errors_are_events) {
  const words dry = checked(click_count({"--dry-run", "--json"}), "run-event");
  BOOST_TEST(dry.back().find(R"("event":"dry_run")") != std::string::npos);
  constexpr int usage = 2;
  constexpr int refused = 3;
  checked({"run", "--json", "no\x1b\n.so"}, "run-event", usage);
  checked({"info", "--json", "nobody"}, "run-event", refused);
  checked({"checkpoint", "show", "--json", "nothing"}, "run-event", refused);
  checked({"state", "dump", "--json", "nothing"}, "run-event", refused);
  checked({"config", "check", "--json", "-D", "a=b", "-D", "c=d"}, "run-event", usage);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_json_forms
