// Files of options, through the real binary: weir's own, Flink's and SeaTunnel's, and
// what is wrong with some.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::testing::test_config_files {

namespace {

namespace fs = std::filesystem;

const int usage = 2;

std::string text_of(const finished_process& process) {
  std::string text;
  for (const auto& line : process.lines)
    text += line + "\n";
  return text;
}

struct files : workspace {
  void file(const std::string& text, const std::string& name = "options.yaml") const {
    write_text(path() / name, text);
  }
  /// `weir config check ...`, with standard output among its lines.
  finished_process check(const words& flags) const {
    return program(
        words{"/bin/sh", "-c", "exec \"$@\" 1>&2", "sh", WEIR_BINARY, "config", "check"} +
        flags);
  }
  /// One line of the check, blanks as one.
  std::string effective(const words& flags, const std::string& option) const {
    const auto checked = check(flags);
    BOOST_TEST(checked.end.code == 0, text_of(checked));
    for (const auto& line : checked.lines)
      if (line.starts_with(option + " ")) {
        std::string single;
        for (const char letter : line)
          if (letter != ' ' || !single.ends_with(' '))
            single += letter;
        return single;
      }
    return "no " + option;
  }
  void wrong(const std::string& text, const words& wanted) const {
    file(text);
    refuses(usage, {"config", "check", "-c", "options.yaml"}, wanted);
    refuses(usage, click_count({"-c", "options.yaml"}), wanted);
  }
};

/// As it comes with Flink, with some lines changed by who uses it.
const char* const flink_conf = R"(
#  Licensed to the Apache Software Foundation (ASF) under one
env.java.opts.all: --add-exports=java.base/sun.net.util=ALL-UNNAMED
jobmanager.rpc.address: localhost
jobmanager.bind-host: localhost
jobmanager.memory.process.size: 1600m
taskmanager.numberOfTaskSlots: 1
parallelism.default: 2
# fs.default-scheme: hdfs://mycluster/
high-availability.storageDir: hdfs:///flink/ha/
execution.checkpointing.interval: 180000
execution.checkpointing.externalized-checkpoint-retention: DELETE_ON_CANCELLATION
execution.checkpointing.max-concurrent-checkpoints: 1
execution.checkpointing.min-pause: 0
execution.checkpointing.mode: EXACTLY_ONCE
execution.checkpointing.timeout: 10min
execution.checkpointing.tolerable-failed-checkpoints: 0
execution.checkpointing.unaligned: false
state.backend: hashmap
state.checkpoints.dir: file:///tmp/flink-checkpoints
state.savepoints.dir: file:///tmp/flink-savepoints
state.backend.incremental: true
jobmanager.execution.failover-strategy: region
rest.address: localhost
web.access-control-allow-origin: *
s3.secret-key: do-not-print-me
metrics.reporters: prom
restart-strategy: fixed-delay
restart-strategy.fixed-delay.attempts: 3
)";

} // namespace

BOOST_FIXTURE_TEST_SUITE(config_files, files)

BOOST_AUTO_TEST_CASE(a_run_takes_its_options_from_a_file) {
  file("parallelism.default: 3\n"
       "execution:\n"
       "  checkpointing: {interval: 50, dir: from-file}\n"
       "  checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION\n");
  succeeds({"run", "-c", "options.yaml", click_count_library(), "--", "--clicks", "1000",
            "--output", "output"});
  BOOST_TEST(files_in(path() / "output").size() == 3U);
  BOOST_TEST(fs::exists(path() / "from-file"));
}

BOOST_AUTO_TEST_CASE(a_job_that_is_a_program_does_so_too) {
  file("parallelism.default: 3\n");
  const auto run = program({click_count_program(), "-c", "options.yaml", "--", "--clicks",
                            "1000", "--output", "output"});
  BOOST_TEST(run.end.code == 0, text_of(run));
  BOOST_TEST(files_in(path() / "output").size() == 3U);
}

BOOST_AUTO_TEST_CASE(flags_count_more_than_a_file) {
  file("parallelism.default: 3\nexecution.checkpointing.interval: 10s\n"
       "execution.checkpointing.timeout: 60000\n");
  const words flags{"-c", "options.yaml", "-p",
                    "2",  "-D",           "execution.checkpointing.interval=1 min"};
  BOOST_TEST(effective(flags, "parallelism.default") == "parallelism.default 2 -p");
  BOOST_TEST(effective(flags, "execution.checkpointing.interval") ==
             "execution.checkpointing.interval 1 min -D");
  BOOST_TEST(effective(flags, "execution.checkpointing.timeout") ==
             "execution.checkpointing.timeout 60000 options.yaml:3");
  BOOST_TEST(effective(flags, "execution.checkpointing.num-retained") ==
             "execution.checkpointing.num-retained 3 default");
  succeeds({"run", "-c", "options.yaml", "-p", "2", click_count_library(), "--",
            "--clicks", "1000", "--output", "output"});
  BOOST_TEST(files_in(path() / "output").size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_file_that_lies_there_is_read_and_told_of) {
  file("parallelism.default: 3\n", "weir.yaml");
  file("parallelism.default: 1\n");
  const words job{click_count_library(), "--", "--clicks", "1000", "--output"};
  const auto found = weir(words{"run"} + job + words{"found"});
  BOOST_TEST(found.end.code == 0);
  BOOST_TEST(found.lines.at(0) == "options from weir.yaml");
  BOOST_TEST(files_in(path() / "found").size() == 3U);
  const auto named = weir(words{"run", "-c", "options.yaml"} + job + words{"named"});
  BOOST_TEST(named.end.code == 0);
  BOOST_TEST(text_of(named).find("options from") == std::string::npos);
  BOOST_TEST(files_in(path() / "named").size() == 1U);
  const auto quiet = weir(words{"run", "-q"} + job + words{"quiet"});
  BOOST_TEST((quiet.end.code == 0 && quiet.lines.empty()), text_of(quiet));
  const auto json = weir(words{"run", "--json"} + job + words{"json"});
  BOOST_TEST(json.lines.at(0).starts_with(R"({"event":"configured","time_ms":)"));
  BOOST_TEST(json.lines.at(0).ends_with(R"("file":")" + (path() / "weir.yaml").string() +
                                        "\"}"));
  fs::remove(path() / "weir.yaml");
  fs::create_directory(path() / "weir.yaml"); // somebody's directory is no options
  succeeds(words{"run"} + job + words{"directory"});
}

BOOST_AUTO_TEST_CASE(a_pasted_file_of_flinks_works) {
  file(flink_conf);
  const auto checked = check({"-c", "options.yaml"});
  BOOST_TEST(checked.end.code == 0, text_of(checked));
  const auto is_warning = [](const std::string& line) {
    return line.starts_with("warning: ");
  };
  BOOST_TEST(std::ranges::count_if(checked.lines, is_warning) == 1, text_of(checked));
  const auto& warning = *std::ranges::find_if(checked.lines, is_warning);
  for (const std::string name :
       {"env.java.opts.all", "jobmanager.rpc.address", "high-availability.storageDir",
        "jobmanager.execution.failover-strategy", "web.access-control-allow-origin",
        "s3.secret-key", "metrics.reporters"})
    BOOST_TEST(warning.find(name) != warning.npos, name << " is not in " << warning);
  BOOST_TEST(text_of(checked).find("do-not-print-me") == std::string::npos);
  const words flags{"-c", "options.yaml"};
  BOOST_TEST(effective(flags, "execution.checkpointing.interval") ==
             "execution.checkpointing.interval 180000 options.yaml:11");
  BOOST_TEST(effective(flags, "state.backend.type") ==
             "state.backend.type hashmap options.yaml:19");
  const auto run =
      weir({"run", "-c", "options.yaml", "-D", "execution.checkpointing.dir=here",
            click_count_library(), "--", "--clicks", "1000", "--output", "output"});
  BOOST_TEST(run.end.code == 0, text_of(run));
  BOOST_TEST(std::ranges::count_if(run.lines, is_warning) == 1, text_of(run));
  const auto dry = weir({"run", "--dry-run", "-c", "options.yaml", click_count_library(),
                         "--", "--output", "another"});
  BOOST_TEST((dry.end.code == 0 && is_warning(dry.lines.at(0))), text_of(dry));
}

BOOST_AUTO_TEST_CASE(a_nested_file_of_flinks_works_too) {
  file("jobmanager:\n  bind-host: localhost\n  rpc: {address: localhost, port: 6123}\n"
       "env:\n  java:\n    opts:\n      all: --add-exports=x=ALL --add-opens=y=ALL\n"
       "parallelism:\n  default: 4\n"
       "state:\n  backend: {type: hashmap, incremental: false}\n"
       "restart-strategy: {type: failure-rate}\n"
       "io: {tmp: {dirs: /tmp}}\n");
  const words flags{"-c", "options.yaml"};
  BOOST_TEST(effective(flags, "parallelism.default") ==
             "parallelism.default 4 options.yaml:9");
  BOOST_TEST(effective(flags, "restart-strategy.type") ==
             "restart-strategy.type failure-rate options.yaml:12");
  BOOST_TEST(text_of(check(flags))
                 .find("options.yaml:11: option "
                       "state.backend.incremental is 'false': ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_block_of_seatunnel_works_with_files_of_this_machine) {
  const std::string place = (path() / "checkpoints/").string();
  file("seatunnel:\n  engine:\n    print-execution-info-interval: 60\n    checkpoint:\n"
       "      interval: 50\n      timeout: 7000\n      storage:\n        type: hdfs\n"
       "        max-retained: 2\n        plugin-config:\n          storage.type: hdfs\n"
       "          fs.defaultFS: file:/// # that it may write there\n"
       "          namespace: " +
       place + "\n");
  const words flags{"-c", "options.yaml"};
  BOOST_TEST(effective(flags, "execution.checkpointing.num-retained") ==
             "execution.checkpointing.num-retained 2 options.yaml:9");
  BOOST_TEST(effective(flags, "execution.checkpointing.dir") ==
             "execution.checkpointing.dir " + place + " options.yaml:13");
  succeeds(click_count(flags));
  BOOST_TEST(fs::exists(place));
}

BOOST_AUTO_TEST_CASE(another_storage_of_seatunnels_is_refused) {
  wrong("seatunnel:\n  engine:\n    checkpoint:\n      storage:\n        type: hdfs\n"
        "        plugin-config:\n          storage.type: s3\n"
        "          s3.bucket: s3a://bucket\n          fs.s3a.secret.key: secret\n",
        {"options.yaml:7: ", "storage.type is 's3'", "mount the storage"});
  wrong("seatunnel.engine.checkpoint:\n  storage:\n    max-retained: 0\n",
        {"options.yaml:3: seatunnel.engine.checkpoint.storage.max-retained",
         "a whole number from 1"});
}

BOOST_AUTO_TEST_CASE(what_is_wrong_says_where) {
  wrong("\nexecution:\n  checkpointing:\n    intervall: 1s\n",
        {"options.yaml:4: unknown option 'execution.checkpointing.intervall'",
         "did you mean 'execution.checkpointing.interval'?"});
  wrong("execution.checkpointing.interval: soon\n",
        {"options.yaml:1: option execution.checkpointing.interval is 'soon'; it takes"});
  wrong("execution.checkpointing.interval: 9\n", {"a duration of at least 10 ms"});
  wrong("parallelism.default: 2\n\nparallelism:\n  default: 3\n",
        {"options.yaml:4: parallelism.default is there a second time", "line 1"});
  wrong("parallelism.default: [1, 2]\n", {"options.yaml:1: ", "not a list"});
  wrong("execution.checkpointing.dir: |\n  one\n  two\n", {"more than one line"});
  wrong("parallelism.default:\n", {"options.yaml:1: ", "has no value"});
  wrong("state.checkpoints.dir: s3://bucket\n",
        {"options.yaml:1: ", "s3://bucket", "mount the storage"});
}

BOOST_AUTO_TEST_CASE(what_is_no_configuration_says_so) {
  wrong("a: [1,\n", {"options.yaml:1:1: this is no YAML"});
  wrong("a:\n\tb: 1\n", {"options.yaml:2:1: a tab"});
  wrong("a: \xff\n", {"options.yaml:1:4: byte 0xff", "UTF-8"});
  wrong("parallelism.default=2\n", {"options.yaml:1:1: ", "'NAME: VALUE'"});
  wrong("- parallelism.default\n", {"options.yaml:1:1: ", "'NAME: VALUE'"});
  wrong("# job\nenv {\n  job.mode = \"BATCH\"\n}\n",
        {"options.yaml:2:1: this is a job of SeaTunnel's",
         "execution.checkpointing.interval: 10000"});
  wrong(std::string((1 << 20) + 1, ' '), {"options.yaml:1:1: ", "1048576 bytes"});
  refuses(usage, click_count({"-c", "nowhere.yaml"}), {"'nowhere.yaml' does not exist"});
  refuses(usage, click_count({"-c", ""}), {"'' does not exist"});
  refuses(usage, click_count({"-c", "."}), {"'.' is a directory"});
  refuses(usage, {"config"}, {"--help"});
}

BOOST_AUTO_TEST_CASE(a_file_that_sets_nothing_is_a_warning) {
  for (const std::string text : {"", "# parallelism.default: 2\n", "execution: {}\n"}) {
    file(text);
    const auto checked = check({"-c", "options.yaml"});
    BOOST_TEST(checked.end.code == 0);
    BOOST_TEST(checked.lines.at(0) == "warning: options.yaml sets no option");
  }
  BOOST_TEST(check({"-c", "/dev/null"}).end.code == 0);
}

BOOST_AUTO_TEST_CASE(the_check_tells_all_that_is_wrong_at_once) {
  file("execution.checkpointing.interval: soon\nparalelism: 2\nrest.port: 1\n"
       "execution.checkpointing.mode: EXACTLY_ONCE\n");
  const words flags{"-c", "options.yaml", "-D",  "state.backend.type=forst", "-D",
                    "x",  "-p",           "none"};
  const auto checked = check(flags);
  BOOST_TEST(checked.end.code == usage);
  const char* const expected[] = {
      "warning: options.yaml: these options mean nothing to weir: rest.port",
      "error: options.yaml:1: option execution.checkpointing.interval is 'soon'",
      "error: options.yaml:2: unknown option 'paralelism'",
      "error: option state.backend.type is 'forst'",
      "error: '-D x' has no value",
      "error: option parallelism.default is 'none'"};
  BOOST_TEST_REQUIRE(checked.lines.size() == std::size(expected), text_of(checked));
  for (std::size_t i = 0; i < std::size(expected); ++i)
    BOOST_TEST(checked.lines[i].starts_with(expected[i]), checked.lines[i]);
  const auto json = check(flags + words{"--json"});
  BOOST_TEST((json.end.code == usage && json.lines.size() == std::size(expected)));
  BOOST_TEST(json.lines.back().find(R"("event":"error")") != std::string::npos);
  const auto run = weir(click_count({"-c", "options.yaml"}));
  BOOST_TEST(run.lines.at(0).ends_with("(and 1 more: weir config check -c options.yaml)"),
             text_of(run));
  file("pipeline.max-parallelism: 2\n");
  refuses(usage, {"config", "check", "-c", "options.yaml", "-p", "3"},
          {"is above pipeline.max-parallelism"});
}

BOOST_AUTO_TEST_CASE(with_a_job_the_check_knows_what_its_code_says) {
  file("execution.checkpointing.interval: 30s\nstate.backend.type: memory\n");
  const std::string job = fixture("settings_in_code");
  const words of_job{job, "--", "--numbers", "3"};
  const words flags{"-c", "options.yaml", "-D", "execution.checkpointing.timeout=1min"};
  const auto is = [&](const std::string& line) {
    BOOST_TEST(effective(flags + of_job, line.substr(0, line.find(' '))) == line);
  };
  is("execution.checkpointing.interval 7000 ms the job's code");
  is("execution.checkpointing.timeout 1min -D");
  is("state.backend.type rocksdb the job's code");
  is("parallelism.default 1 default");
  refuses(usage, {"config", "check", job}, {"--numbers"});
  refuses(usage, {"config", "check", "no-such.so"}, {"no-such.so"});
  refuses(usage, {"config", "check", "--", "--numbers", "3"}, {"name the JOB"});
}

BOOST_AUTO_TEST_CASE(the_check_speaks_json) {
  file("parallelism.default: 3\n", "weir.yaml");
  const auto checked = check({"--json"});
  BOOST_TEST(checked.end.code == 0);
  const auto has = [&](const std::string& line) {
    BOOST_TEST(std::ranges::count(checked.lines, line) == 1, line << text_of(checked));
  };
  has(R"({"name":"parallelism.default","value":"3","origin":"weir.yaml:1"})");
  has(R"({"name":"execution.checkpointing.interval","value":"none","origin":"default"})");
}

BOOST_AUTO_TEST_CASE(a_run_begins_with_the_checkpoint_that_the_file_names) {
  const killed_job job;
  write_text(job / "options.yaml",
             "execution.state-recovery.path: " + job.newest().string() + "\n" +
                 "parallelism.default: 2\n");
  const auto dry = job.weir({"run", "--dry-run", "-n", "-c", "options.yaml",
                             click_count_library(), "--", "--output", "output"});
  BOOST_TEST(dry.end.code == 0, text_of(dry));
  BOOST_TEST(dry.lines.at(0).starts_with("would restore "), text_of(dry));
  job.refuses(3,
              click_count({"-c", "options.yaml", "-s", job.job_directory() / "chk-99"}),
              {"chk-99"}); // -s counts more
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_config_files
