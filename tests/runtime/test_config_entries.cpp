// The lines of a configuration as options, whoever has written them.
#include "runtime/config_entries.hpp"
#include "runtime/config_seatunnel.hpp"
#include "runtime/config_text.hpp"
#include "runtime/yaml/yaml_document.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_config_entries {

namespace {

std::vector<config_entry> entries(const std::string& yaml) {
  return entries_of(read_yaml(yaml).root);
}

/// "name=value@line", with the name that is written in the file.
std::string text_of(const config_entry& entry) {
  std::string text = entry.name + "=" + entry.value.value_or("nothing");
  text += entry.is_list ? " (list)" : "";
  text += "@" + std::to_string(entry.line);
  return text + (entry.written.empty() ? "" : " as " + entry.written);
}

std::string text_of(const std::vector<config_entry>& all) {
  std::string text;
  for (const config_entry& entry : all)
    text += text_of(entry) + "\n";
  return text;
}

std::string text_of(const std::vector<config_problem>& problems) {
  std::string text;
  for (const config_problem& problem : problems)
    text += std::to_string(problem.line) + ": " + problem.what + "\n";
  return text;
}

std::string twice(const std::string& yaml) {
  return text_of(said_twice(entries(yaml)));
}

const std::string block = "seatunnel.engine.checkpoint.";

translated_entries translated(const std::string& yaml) {
  return translate_seatunnel(entries(yaml));
}

/// With a storage of these keys.
translated_entries storage(const std::string& keys) {
  return translated("seatunnel.engine.checkpoint.storage: {" + keys + "}\n");
}

void refused(const std::string& keys, const std::string& key, const std::string& part) {
  const translated_entries got = storage(keys);
  BOOST_TEST_REQUIRE(got.problems.size() == 1U, keys);
  const std::string& what = got.problems[0].what;
  BOOST_TEST(what.starts_with(block + "storage." + key), what);
  BOOST_TEST(what.find(part) != what.npos, what);
  BOOST_TEST((got.entries.empty() && got.unused.empty()), keys);
}

std::string directory_of(const std::string& keys) {
  const translated_entries got = storage(keys);
  BOOST_TEST_REQUIRE(got.problems.empty(), text_of(got.problems));
  BOOST_TEST_REQUIRE(got.entries.size() == 1U, text_of(got.entries));
  BOOST_TEST(got.entries[0].name == "execution.checkpointing.dir");
  return got.entries[0].value.value_or("nothing");
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_entries)

BOOST_AUTO_TEST_CASE(dots_and_nesting_are_the_same) {
  BOOST_TEST(text_of(entries("a.b.c: 1\na: {b: {d: 2}}\na.b:\n  e.f: 3\n")) ==
             "a.b.c=1@1\na.b.d=2@2\na.b.e.f=3@4\n");
}

BOOST_AUTO_TEST_CASE(lists_and_what_is_empty) {
  BOOST_TEST(text_of(entries("a: [1, two]\nb:\nc: ''\nd: {}\ne:\n  - f: 1\n")) ==
             "a=1;two (list)@1\nb=nothing@2\nc=@3\ne=... (list)@5\n");
  BOOST_TEST(text_of(entries("just text")).empty());
}

BOOST_AUTO_TEST_CASE(what_is_said_twice_is_told_with_both_lines) {
  BOOST_TEST(twice("a: 1\nb: 1\n").empty());
  BOOST_TEST(twice("a.b: 1\nc: 1\na: {b: 1}\n") ==
             "3: a.b is there a second time, line 1 has it already; leave one of them "
             "away\n");
  BOOST_TEST(twice("state.checkpoints.dir: a\n\nexecution.checkpointing: {dir: a}\n") ==
             "3: execution.checkpointing.dir says the same as state.checkpoints.dir in "
             "line 1; leave one of them away\n");
}

BOOST_AUTO_TEST_CASE(the_bytes_are_looked_at_first) {
  const auto problem = [](const std::string& text) {
    const auto found = text_problem(text);
    return found ? std::to_string(found->line) + ":" + std::to_string(found->column) +
                       ": " + found->what
                 : std::string();
  };
  for (const std::string fine :
       {"", "a: 1\r\n", "a: \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n",
        "\xef\xbb\xbf"
        "a: 1\n",
        "a: 1\t# a tab\n", "\t# comment\n", "\t\n", "env: {x: 1}\nsource: 1\n"})
    BOOST_TEST(problem(fine).empty(), fine << ": " << problem(fine));
  for (const std::string wrong :
       {"\xff\xfe"
        "a",
        "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80", "\xe2\x82", "\x1b[31m"})
    BOOST_TEST(problem("a: 1\nb: " + wrong).starts_with("2:4: byte 0x"), problem(wrong));
  BOOST_TEST(problem(std::string("a\0b", 3)).starts_with("1:2: byte 0x00"));
  BOOST_TEST(problem("a:\n \tb: 1\n").starts_with("2:2: a tab in front of the line"));
  for (const std::string job : {"env {\n", "  source{", "# a job\nsink  {\n"})
    BOOST_TEST(problem(job).find("a job of SeaTunnel's (HOCON)") != std::string::npos,
               job);
  BOOST_TEST(problem(std::string(config_bytes_max, 'a')).empty());
  BOOST_TEST(problem(std::string(config_bytes_max + 1, 'a')).find("1048576 bytes") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(values_that_mean_nothing_need_not_be_yaml) {
  BOOST_TEST(
      without_unused_values("web.access-control-allow-origin: *\nrest.port: 1\r\n"
                            "execution.checkpointing.dir: *\nenv.java.opts: a: b") ==
      "web.access-control-allow-origin:\nrest.port:\n"
      "execution.checkpointing.dir: *\nenv.java.opts:");
}

BOOST_AUTO_TEST_CASE(seatunnels_block_becomes_options) {
  const translated_entries got = translated("seatunnel:\n"
                                            "  engine:\n"
                                            "    backup-count: 1\n"
                                            "    checkpoint:\n"
                                            "      interval: 6000\n"
                                            "      timeout: 7000\n"
                                            "      schema-change-timeout: 30000\n"
                                            "      storage:\n"
                                            "        type: hdfs\n"
                                            "        max-retained: 4\n"
                                            "        plugin-config:\n"
                                            "          storage.type: hdfs\n"
                                            "          fs.defaultFS: file:///\n"
                                            "          disable.cache: false\n"
                                            "          namespace: /data/checkpoints\n"
                                            "parallelism.default: 2\n");
  BOOST_TEST(text_of(got.entries) ==
             "parallelism.default=2@16\n"
             "execution.checkpointing.interval=6000@5 as " +
                 block +
                 "interval\n"
                 "execution.checkpointing.timeout=7000@6 as " +
                 block +
                 "timeout\n"
                 "execution.checkpointing.num-retained=4@10 as " +
                 block +
                 "storage.max-retained\n"
                 "execution.checkpointing.dir=/data/checkpoints@15 as " +
                 block + "storage.plugin-config.namespace\n");
  BOOST_TEST(got.unused ==
                 (std::vector<std::string>{
                     "seatunnel.engine.backup-count", block + "schema-change-timeout",
                     block + "storage.plugin-config.disable.cache"}),
             boost::test_tools::per_element());
  BOOST_TEST((got.problems.empty() && got.warnings.empty()));
}

BOOST_AUTO_TEST_CASE(a_storage_on_this_machine_is_a_directory) {
  BOOST_TEST(directory_of("type: hdfs, plugin-config: {namespace: /here}") == "/here");
  BOOST_TEST(directory_of("type: hdfs") == "/seatunnel/checkpoint/");
  BOOST_TEST(directory_of("type: hdfs, plugin-config: {namespace: , K1: V1, // this:}") ==
             "/seatunnel/checkpoint/");
  BOOST_TEST(directory_of("type: hdfs, plugin-config: {storage.type: LOCAL, "
                          "fs.defaultFS: 'file:/tmp'}") == "/seatunnel/checkpoint/");
  BOOST_TEST(directory_of("type: localfile") == "/tmp/seatunnel/checkpoint/");
  BOOST_TEST(directory_of("plugin-config: {namespace: /x}") == "/x");
  for (const char* deprecated : {"type: localfile", "plugin-config: {namespace: /x}"})
    BOOST_TEST(storage(deprecated).warnings.size() == 1U, deprecated);
}

BOOST_AUTO_TEST_CASE(a_storage_elsewhere_is_refused_by_name) {
  for (const std::string place : {"s3", "oss", "cos", "gcs"})
    refused("type: hdfs, plugin-config: {storage.type: " + place +
                ", fs.s3a.secret.key: hidden}",
            "plugin-config.storage.type is '" + place + "'", "mount the storage");
  refused("type: hdfs, plugin-config: {storage.type: hdfs, "
          "fs.defaultFS: 'hdfs://localhost:9000'}",
          "plugin-config.fs.defaultFS is 'hdfs://localhost:9000'", "mount the storage");
  refused("type: hdfs, plugin-config: {storage.type: hdfs}",
          "plugin-config.storage.type is 'hdfs'", "needs fs.defaultFS");
  refused("type: mine, plugin-config: {a: 1}", "type is 'mine'", "no such storage");
}

BOOST_AUTO_TEST_CASE(a_slip_in_the_block_is_told) {
  const auto got = translated("seatunnel.engine.checkpoint: {intervall: 1}\n");
  BOOST_TEST(text_of(got.problems) == "1: unknown option '" + block +
                                          "intervall'; did you mean '" + block +
                                          "interval'?\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_config_entries
