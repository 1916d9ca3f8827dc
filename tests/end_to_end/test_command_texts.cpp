// What commands print for people, as a whole: their help, and what they say of the
// checkpoints in tests/golden, which stay as they are.
#include "tests/end_to_end/golden_text.hpp"

#include <CLI/Version.hpp>

#include <regex>

namespace weir::testing::test_command_texts {

namespace fs = std::filesystem;

namespace {

struct texts_fixture : workspace {
  texts_fixture() {
    fs::copy(fs::path(WEIR_GOLDEN_DIR) / "checkpoints/v1", *this / "checkpoints",
             fs::copy_options::recursive);
  }

  /// As on a terminal: a line with the command, and what it says. Ages and the place go
  /// by.
  std::string dialog(const std::vector<words>& commands) const {
    std::string text;
    for (const words& arguments : commands) {
      const finished_process done = weir_says(*this, arguments);
      text += "$ weir " + joined(arguments, " ") + "\n";
      for (const std::string& line : done.lines)
        text += line + "\n";
      if (done.end.code != 0)
        text += "[exit code " + std::to_string(done.end.code) + "]\n";
      text += "\n";
    }
    for (std::size_t at; (at = text.find(path().string())) != text.npos;)
      text.replace(at, path().string().size(), "HERE");
    static const std::regex age(R"( +[0-9]+ h [0-9]+ min ago)");
    return std::regex_replace(text, age, " AGE ago");
  }
};

/// Every number is a 0, whatever its unit and however wide its column; the rest of a
/// drawn name and the places of a build go by.
std::string without_figures(std::string text) {
  const std::pair<std::string, const char*> rules[]{{WEIR_BINARY, "weir"},
                                                    {WEIR_JOBS, "JOBS"},
                                                    {"paymen-[0-9a-f]+", "paymen-ID"},
                                                    {"[0-9][0-9.,]*", "0"},
                                                    {"0 [kM]?B", "0 B"},
                                                    {"0 (ms|min)", "0 s"},
                                                    {" +", " "}};
  for (const auto& [what, instead] : rules)
    text = std::regex_replace(text, std::regex(what), instead);
  return text;
}

// Another version of CLI11 sets the same in other columns.
boost::test_tools::assertion_result with_this_cli11(boost::unit_test::test_unit_id) {
  return CLI11_VERSION_MAJOR == 2 && CLI11_VERSION_MINOR == 1;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(command_texts, texts_fixture)

BOOST_AUTO_TEST_CASE(every_command_has_its_help,
                     *boost::unit_test::precondition(with_this_cli11)) {
  std::set<std::string> files;
  for_each_help(*this, {}, [&](const words& command, const words& lines) {
    const std::string name = joined(words{"weir"} + command, "-") + ".txt";
    files.insert(name);
    check_golden("help/" + name, joined(lines, "\n") + "\n");
  });
  BOOST_TEST(files.size() > 20U);
  for (const auto& entry : fs::directory_iterator(fs::path(WEIR_GOLDEN_DIR) / "help"))
    BOOST_TEST(files.contains(entry.path().filename().string()),
               entry.path().filename().string() << " is of no command");
}

BOOST_AUTO_TEST_CASE(the_version_is_one_word) {
  BOOST_TEST((weir_says(*this, {"--version"}).lines == words{"0.1.0"}));
}

BOOST_AUTO_TEST_CASE(checkpoints_are_listed_shown_verified_and_compared) {
  check_golden(
      "commands/checkpoint.txt",
      dialog({{"checkpoint", "list", "checkpoints"},
              {"checkpoint", "show", "checkpoints/rocksdb"},
              {"checkpoint", "show", "checkpoints/memory/chk-1"},
              {"checkpoint", "verify", "checkpoints/filesystem"},
              {"checkpoint", "diff", "checkpoints/rocksdb", "checkpoints/memory"},
              {"checkpoint", "diff", "--exit-code", "checkpoints/memory",
               "checkpoints/memory/chk-1/_metadata"},
              {"checkpoint", "gc", "checkpoints/rocksdb"},
              {"checkpoint", "show", "checkpoints/nothing"}}));
}

BOOST_AUTO_TEST_CASE(damage_and_garbage_are_told) {
  const fs::path damaged = *this / "checkpoints/filesystem/chk-1/counts-0.keyed";
  std::string bytes = read_text(damaged);
  bytes.at(100) = static_cast<char>(bytes.at(100) ^ 0x10);
  write_text(damaged, bytes);
  fs::remove(*this / "checkpoints/rocksdb/chk-1/_metadata");
  write_text(*this / "checkpoints/memory/chk-1/_metadata", "x");
  check_golden("commands/damage.txt",
               dialog({{"checkpoint", "list", "checkpoints"},
                       {"checkpoint", "verify", "checkpoints/filesystem"},
                       {"checkpoint", "show", "checkpoints/rocksdb"},
                       {"checkpoint", "show", "checkpoints/memory"},
                       {"checkpoint", "gc", "checkpoints/rocksdb"},
                       {"checkpoint", "gc", "--delete", "checkpoints/rocksdb"}}));
}

BOOST_AUTO_TEST_CASE(states_are_dumped_found_and_compared) {
  check_golden("commands/state.txt",
               dialog({{"state", "dump", "checkpoints/rocksdb"},
                       {"state", "dump", "checkpoints/memory", "counts", "value"},
                       {"state", "get", "checkpoints/filesystem", "counts", "7"},
                       {"state", "get", "checkpoints/filesystem", "counts", "9"},
                       {"state", "get", "checkpoints/filesystem", "coutns", "7"},
                       {"state", "diff", "checkpoints/rocksdb", "checkpoints/memory"},
                       {"state", "diff", "--exit-code", "checkpoints/rocksdb",
                        "checkpoints/memory"}}));
}

BOOST_AUTO_TEST_CASE(a_running_job_is_listed_shown_saved_and_cancelled) {
  ::setenv("WEIR_RUN_DIR", (*this / "run").c_str(), 1);
  child_process job(words{WEIR_BINARY} +
                        click_count({"--job-id", "payments", "-D",
                                     "execution.checkpointing.interval=1h", "-D",
                                     "execution.checkpointing.dir=mine"},
                                    {"--per-second", "1000"}),
                    path());
  int tries = 200; // until all of its tasks run
  finished_process taken;
  do
    taken = weir_says(*this, {"checkpoint", "payments"});
  while (taken.end.code != 0 && --tries > 0);
  BOOST_TEST_REQUIRE(tries > 0, joined(taken.lines, " "));
  const std::string text = dialog({{"list"},
                                   {"info", "payments"},
                                   {"checkpoint", "payments"},
                                   {"checkpoint", "--full", "payments"},
                                   {"savepoint", "payments", "savepoints"},
                                   {"list"},
                                   {"info", "payments"},
                                   {"cancel", "payments"},
                                   {"list"},
                                   {"info", "payments"}});
  ::unsetenv("WEIR_RUN_DIR");
  check_golden("commands/running.txt", without_figures(text));
}

BOOST_AUTO_TEST_CASE(options_are_checked) {
  write_text(*this / "weir.yaml", "parallelism.default: 4\n"
                                  "execution.checkpointing.interval: 10 s\n");
  write_text(*this / "wrong.yaml", "parallelism.default: many\nstate.backend: paper\n");
  check_golden("commands/config.txt",
               dialog({{"config", "check", "-p", "2", "-D", "state.backend.type=memory"},
                       {"config", "check", "-c", "wrong.yaml", "-D", "paralelism=2"}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_command_texts
