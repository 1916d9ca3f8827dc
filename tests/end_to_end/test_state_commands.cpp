// `weir state ...` on the checkpoints of a job with a state of every kind.
#include "tests/end_to_end/workspace.hpp"
#include "tests/support/json_schema.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <map>
#include <set>

namespace weir::testing::test_state_commands {

namespace fs = std::filesystem;

namespace {

constexpr int usage = 2;
constexpr int refused = 3;
constexpr int not_found = 4;

words every_state(const words& flags, const words& job_options = {}) {
  return words{"run", "-p", "2"} + flags + words{fixture("every_state"), "--"} +
         job_options;
}

struct states_fixture : workspace {
  /// The newest checkpoint of a job that was cancelled.
  fs::path checkpoint_of(const std::string& backend, const std::string& root,
                         const words& job_options = {}) const {
    interrupted(every_state(retain_on_cancellation +
                                words{"-D", "execution.checkpointing.interval=50ms", "-D",
                                      "execution.checkpointing.dir=" + root, "-D",
                                      "state.backend.type=" + backend},
                            words{"--output", root + "-output"} + job_options),
                4, SIGINT);
    return checkpoints_in(only_entry(path() / root)).back();
  }

  /// What `weir ARGUMENTS` prints; it changes nothing.
  words printed(const words& arguments, int code = 0) const {
    const auto before = listing(path());
    const finished_process done = program(
        words{"/bin/sh", "-c", "exec \"$@\" 1>&2", "sh", WEIR_BINARY} + arguments);
    BOOST_TEST_REQUIRE(
        done.end.code == code,
        arguments[1] << " said " << (done.lines.empty() ? "nothing" : done.lines.back()));
    BOOST_TEST((listing(path()) == before));
    return done.lines;
  }
};

/// The text between `begin` and `end`, which may be empty: all that follows.
std::string between(const std::string& line, std::string_view begin,
                    std::string_view end) {
  const auto from = line.find(begin);
  BOOST_TEST_REQUIRE(from != line.npos, line);
  const auto rest = line.substr(from + begin.size());
  return end.empty() ? rest : rest.substr(0, rest.find(end));
}

void check_all(const words& lines, const char* schema_name) {
  const json_schema schema(fs::path(WEIR_SCHEMAS) / schema_name);
  for (const std::string& line : lines)
    BOOST_TEST_REQUIRE(schema.problem(line).empty(),
                       line << ": " << schema.problem(line));
}

/// A pattern with the number of the key for #, and the rest of the line for *.
std::string filled(std::string pattern, const std::string& number) {
  for (std::size_t at; (at = pattern.find('#')) != pattern.npos;)
    pattern.replace(at, 1, number);
  return pattern;
}

/// What the job has for the number of a key, by state.
const std::map<std::string, std::string>& expected_values() {
  static const std::map<std::string, std::string> values{
      {"sums", R"({"sum":#,"mean":)"},
      {"list", "[1,#]}"},
      {"map", R"({"a\"b":#}})"},
      {"most", "#}"},
      {"total", R"({"sum":#}})"},
      {"once", "4000000000000000}"},
      {"often", "[4000000001000000,4000000002000000]}"},
      {"login", R"("x\n","expires_at_us":)"},
      {"seen", R"({"7":{"until":)"},
  };
  return values;
}

/// A line of `dump --json` of operator 'everything'; returns the key.
std::string check_keyed(const std::string& line, const std::string& state) {
  const std::string key = between(line, R"("key":{)", "}");
  const std::string number = between(key, R"("number":)", "");
  const bool even = (number.back() - '0') % 2 == 0;
  BOOST_TEST_REQUIRE(key == filled(even ? R"("region":"north","number":#)"
                                        : R"("region":"south","number":#)",
                                   number));
  const std::string value = between(line, R"("value":)", "");
  BOOST_TEST_REQUIRE(value.starts_with(filled(expected_values().at(state), number)),
                     line);
  if (state == "once" || state == "often")
    BOOST_TEST(even);
  return number;
}

/// That all that is printed is what the job keeps, once for each key, and sorted.
void check_dump(const words& lines) {
  std::map<std::string, std::set<std::string>> keys; // by state
  std::map<std::string, int> of_tasks;
  std::string before;
  int last_group = 0;
  for (const std::string& line : lines) {
    const std::string op = between(line, R"("operator":")", "\"");
    const std::string state = between(line, R"("state":")", "\"");
    const std::string place = op + "/" + state;
    if (place != before)
      last_group = 0;
    before = place;
    if (line.find("\"key_group\"") == line.npos) {
      ++of_tasks[place];
      continue;
    }
    const int group = std::stoi(between(line, "\"key_group\":", ","));
    BOOST_TEST_REQUIRE(last_group <= group);
    last_group = group;
    if (op == "everything")
      BOOST_TEST_REQUIRE(keys[state].insert(check_keyed(line, state)).second, line);
  }
  BOOST_TEST(keys.size() == expected_values().size());
  for (const auto& [state, of_state] : keys) {
    const bool all = state != "once" && state != "often";
    BOOST_TEST(of_state.size() > 20U, state);
    if (all)
      BOOST_TEST((of_state == keys["sums"]), state);
  }
  BOOST_TEST(of_tasks["everything/rules"] == 4); // two tasks, two rules
  BOOST_TEST(of_tasks["everything/waiting"] == 2);
  BOOST_TEST(of_tasks["everything/all"] == 2);
  BOOST_TEST(of_tasks["plain/task_state"] == 2);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(state_commands, states_fixture)

BOOST_AUTO_TEST_CASE(dump_has_every_kind_of_state_of_every_backend) {
  for (const std::string backend : {"rocksdb", "filesystem", "memory"}) {
    BOOST_TEST_CONTEXT(backend) {
      const fs::path newest = checkpoint_of(backend, backend);
      const words lines = printed({"state", "dump", "--json", newest.string()});
      check_all(lines, "state-entry.json");
      check_dump(lines);
      const words counts =
          printed({"state", "dump", "--json", newest.string(), "counts"});
      BOOST_TEST(std::ranges::all_of(counts, [](const std::string& line) {
        return line.find(R"("key":"key )") != line.npos &&
               line.ends_with(R"("value":1})");
      }));
      BOOST_TEST(printed({"state", "dump", "--json", newest.string(), "plain", "state"})
                     .size() == counts.size());
      // For people: the same, and a line before and behind each state.
      const words readable = printed({"state", "dump", newest.string(), "counts"});
      BOOST_TEST_REQUIRE(readable.size() >= counts.size() + 3);
      BOOST_TEST(readable[0] ==
                 "operator 'counts', state 'value': value of u64, key string");
      BOOST_TEST(readable[1].starts_with("KEY"));
    }
  }
}

BOOST_AUTO_TEST_CASE(checkpoints_of_the_first_weirs_say_the_same_by_every_backend) {
  const fs::path golden = fs::path(WEIR_GOLDEN_DIR) / "checkpoints/v1";
  const auto dumped = [&](const char* backend) {
    return printed({"state", "dump", "--json", (golden / backend / "chk-1").string()});
  };
  const words lines = dumped("rocksdb");
  BOOST_TEST_REQUIRE(lines.size() == 4U);
  check_all(lines, "state-entry.json");
  BOOST_TEST(std::ranges::any_of(lines, [](const std::string& line) {
    return line.ends_with(R"("key":501,"value":1503})");
  }));
  BOOST_TEST((dumped("filesystem") == lines));
  BOOST_TEST((dumped("memory") == lines));
}

BOOST_AUTO_TEST_CASE(get_finds_keys_of_every_type) {
  for (const std::string backend : {"rocksdb", "filesystem", "memory"}) {
    const std::string from = checkpoint_of(backend, backend).string();
    const words get{"state", "get", "--json", from};
    const words all =
        printed(get + words{"everything", R"({"region":"north","number":8})"});
    BOOST_TEST(all.size() == expected_values().size());
    check_all(all, "state-entry.json");
    for (const std::string& line : all)
      check_keyed(line, between(line, R"("state":")", "\""));
    BOOST_TEST(
        printed(get + words{"everything", R"({"number":9,"region":"south"})"}).size() ==
        expected_values().size() - 2);
    const std::string seven = printed(get + words{"plain", "7"}).front();
    BOOST_TEST(between(seven, R"("key":7,"value":)", "").find("-7") != std::string::npos);
    BOOST_TEST(printed(get + words{"counts", "key 11"})
                   .front()
                   .ends_with(R"("key":"key 11","value":1})"));
    BOOST_TEST(printed(get + words{"everything", "first", "rules"}).size() == 2u);
    const words times = printed(
        {"state", "get", from, "everything", R"({"region":"north","number":8})", "once"});
    BOOST_TEST(times.back().ends_with("\"2096-10-02 07:06:40.000000 UTC\""));
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_one_line) {
  const std::string from = checkpoint_of("rocksdb", "checkpoints").string();
  refuses(refused, {"state", "get", from, "coutns", "1"},
          {"no operator 'coutns'", "it has 'counts', "});
  refuses(refused, {"state", "dump", from, "everything", "lost"},
          {"'everything' has no state 'lost'", "it has 'list'"});
  refuses(not_found, {"state", "get", from, "counts", "absent"},
          {"'counts' has nothing for key 'absent'"});
  refuses(not_found, {"state", "get", from, "everything", "third", "rules"},
          {"nothing for key 'third'", "in state 'rules'"});
  refuses(usage, {"state", "get", from, "plain", "seven"},
          {"'seven' is not a whole number", "of type i32"});
  refuses(usage, {"state", "get", from, "everything", "7"},
          {"is not one in JSON", "{region:string,number:u32}"});
  refuses(usage, {"state", "get", from, "everything", "7", "waiting"},
          {"'waiting'", "has no keys", "task list"});
  refuses(refused, {"state", "dump", "nowhere"}, {"nowhere", "check the path"});
  refuses(usage, {"state", "get", from}, {"required"});
  BOOST_TEST(printed({"state", "get", from, "plain", "--", "-5"}, not_found).size() ==
             1u);
}

BOOST_AUTO_TEST_CASE(diff_merges_two_checkpoints) {
  const fs::path one = checkpoint_of("rocksdb", "one");
  const fs::path other = checkpoint_of("filesystem", "other", {"--add", "2"});
  BOOST_TEST(
      (printed({"state", "diff", one.string(), one.string()}) == words{"no difference"}));
  BOOST_TEST(printed({"state", "diff", "--json", one.string(), one.string()}).empty());
  const words changes =
      printed({"state", "diff", "--json", one.string(), other.string(), "everything"});
  check_all(changes, "state-change.json");
  const words before = printed({"state", "dump", "--json", one.string(), "everything"});
  const words after = printed({"state", "dump", "--json", other.string(), "everything"});
  // By what says which entry it is.
  const auto by_place = [](const words& lines, std::string_view begin) {
    std::map<std::string, std::string> all;
    for (const std::string& line : lines)
      all[between(line, begin, ",\"value\":")] = line;
    return all;
  };
  const auto old_entries = by_place(before, "{");
  const auto new_entries = by_place(after, "{");
  std::size_t added = 0;
  std::size_t removed = 0;
  std::size_t changed = 0;
  for (const auto& [place, line] : old_entries)
    if (const auto found = new_entries.find(place); found == new_entries.end())
      ++removed;
    else if (found->second != line)
      ++changed;
  for (const auto& [place, line] : new_entries)
    added += old_entries.contains(place) ? 0U : 1U;
  const auto count = [&](const char* change) {
    return static_cast<std::size_t>(
        std::ranges::count_if(changes, [&](const std::string& line) {
          return line.starts_with("{\"change\":\"" + std::string(change));
        }));
  };
  BOOST_TEST(count("added") == added);
  BOOST_TEST(count("removed") == removed);
  BOOST_TEST(count("changed") == changed);
  BOOST_TEST(changed > 0U);
  constexpr int they_differ = 5;
  printed({"state", "diff", "--exit-code", one.string(), other.string()}, they_differ);
  printed({"state", "diff", "--exit-code", one.string(), one.string()});
  const words readable =
      printed({"state", "diff", one.string(), other.string(), "plain"});
  BOOST_TEST(readable.back().find(" added, ") != std::string::npos);
  refuses(refused, {"state", "diff", one.string(), other.string(), "plan"},
          {"no operator 'plan'", "'plain'"});
}

BOOST_AUTO_TEST_CASE(a_reader_that_goes_away_ends_it_quietly) {
  const std::string from = checkpoint_of("rocksdb", "checkpoints").string();
  const auto shell = [&](const std::string& command) {
    return program({"/bin/bash", "-c", command});
  };
  for (const std::string form : {"", "--json "}) {
    const auto head = shell(std::string(WEIR_BINARY) + " state dump " + form + from +
                            " | head -n 1 > first");
    BOOST_TEST(head.end.code == 0);
    BOOST_TEST(head.lines.empty());
    BOOST_TEST(lines_of(path() / "first").size() == 1u);
    // Also where nobody has told it by a signal.
    const auto ignored =
        shell("trap '' PIPE; set -o pipefail; " + std::string(WEIR_BINARY) +
              " state dump " + form + from + " | true");
    BOOST_TEST(ignored.end.code == 0);
    BOOST_TEST(ignored.lines.empty());
  }
  const auto full =
      shell(std::string(WEIR_BINARY) + " state dump " + from + " > /dev/full");
  BOOST_TEST(full.end.code == 1);
  BOOST_TEST_REQUIRE(full.lines.size() == 1u);
  BOOST_TEST(full.lines[0].find("standard output: No space left") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_damaged_checkpoint_is_one_line) {
  for (const std::string backend : {"rocksdb", "filesystem"}) {
    const fs::path newest = checkpoint_of(backend, backend);
    const fs::path shared = newest.parent_path() / "shared";
    const fs::path victim = backend == "rocksdb" ? shared / shared_names(newest).front()
                                                 : newest / "everything-0.keyed";
    std::string bytes = read_text(victim);
    for (std::size_t at = bytes.size() / 4; at < bytes.size() / 2; at += 64)
      bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    write_text(victim, bytes);
    // Some of it may be printed before that.
    const auto damaged = program(
        {"/bin/sh", "-c",
         std::string(WEIR_BINARY) + " state dump " + newest.string() + " > /dev/null"});
    BOOST_TEST(damaged.end.code == refused);
    BOOST_TEST(damaged.lines.size() == 1u);
    BOOST_TEST(damaged.lines.back().starts_with("error: "));
    fs::resize_file(victim, 100);
    refuses(refused, {"state", "dump", newest.string()}, {"cannot"});
    fs::remove(victim);
    refuses(refused, {"state", "dump", newest.string()}, {victim.filename().string()});
    write_text(newest / "_metadata", "x");
    refuses(refused, {"state", "dump", newest.string()}, {"_metadata"});
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_state_commands
