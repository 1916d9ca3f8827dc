// `weir checkpoint gc` and `weir checkpoint diff`.
#include "tests/end_to_end/workspace.hpp"
#include "tests/support/json_schema.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace weir::testing::test_checkpoint_gc {

namespace fs = std::filesystem;

namespace {

constexpr int refused = 3;
constexpr int they_differ = 5;
const std::string orphan = "0123456789abcdef0123456789abcdef.sst";

/// `weir checkpoint ARGUMENTS`, with its standard output among what it says.
finished_process asked(const workspace& in, const words& arguments) {
  return in.program(
      words{"/bin/sh", "-c", "exec \"$@\" 1>&2", "sh", WEIR_BINARY, "checkpoint"} +
      arguments);
}

words said(const workspace& in, const words& arguments) {
  const finished_process done = asked(in, arguments);
  BOOST_TEST_REQUIRE(done.end.code == 0, (done.lines.empty() ? "" : done.lines.back()));
  return done.lines;
}

bool says(const words& lines, const words& parts) {
  return std::ranges::any_of(lines, [&](const std::string& line) {
    return std::ranges::all_of(
        parts, [&](const std::string& part) { return line.find(part) != line.npos; });
  });
}

void check_all(const words& lines, const char* schema_name) {
  const json_schema schema(fs::path(WEIR_SCHEMAS) / schema_name);
  for (const std::string& line : lines)
    BOOST_TEST_REQUIRE(schema.problem(line).empty(),
                       line << ": " << schema.problem(line));
}

struct gc_fixture : killed_job {
  gc_fixture() {
    // What the kill has left is another thing each time.
    said(*this, {"gc", "--delete", job_directory().string()});
  }

  /// One of each kind, and what is none.
  void litter() const {
    const fs::path job = job_directory();
    fs::create_directories(job / "chk-77/deep");
    write_text(job / "chk-77/counts-0.keyed", "12345");
    write_text(job / "chk-77/deep/x", "1");
    write_text(job / "shared" / orphan, "123");
    write_text(job / "shared/._half_Xy12Ab", "12");
    write_text(newest() / "._metadata_temp", "1");
    write_text(newest() / "gone-0.keyed", "1234");
    fs::create_directories(job / "work/attempt-9/counts-0");
    write_text(job / "work/attempt-9/counts-0/000001.sst", "1234567");
    write_text(newest() / "notes.txt", "mine");
    write_text(job / "shared/notes.txt", "mine");
    fs::create_directories(job / "chk-007");
    fs::create_directories(path() / "elsewhere");
    write_text(path() / "elsewhere/precious.keyed", "mine");
    fs::create_directory_symlink(path() / "elsewhere", job / "chk-78");
    fs::create_symlink(path() / "elsewhere/precious.keyed",
                       job / "shared/fedcba9876543210fedcba9876543210.sst");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(checkpoint_gc, gc_fixture)

BOOST_AUTO_TEST_CASE(it_finds_what_nothing_refers_to_and_changes_nothing) {
  const fs::path job = job_directory();
  BOOST_TEST((said(*this, {"gc", job.string()}) == words{"no garbage"}));
  litter();
  const auto before = listing(path());
  const words lines = said(*this, {"gc", job.string()});
  BOOST_TEST(says(lines, {"incomplete checkpoint", "6 B", "chk-77"}));
  BOOST_TEST(says(lines, {"shared by none", "3 B", orphan}));
  BOOST_TEST(says(lines, {"shared by none", "2 B", "._half_Xy12Ab"}));
  BOOST_TEST(says(lines, {"file of no checkpoint", "1 B", "._metadata_temp"}));
  BOOST_TEST(says(lines, {"file of no checkpoint", "4 B", "gone-0.keyed"}));
  BOOST_TEST(says(lines, {"of a dead attempt", "7 B", "attempt-9"}));
  BOOST_TEST(says(lines, {"23 B in 6 places", "nothing was removed"}));
  BOOST_TEST(lines.size() == 7U);
  const words json = said(*this, {"gc", "--json", job.string()});
  check_all(json, "checkpoint-garbage.json");
  BOOST_TEST(json.size() == 7U);
  BOOST_TEST(json.back() ==
             R"({"places":6,"bytes":23,"removed":false,"unreadable":null})");
  BOOST_TEST((listing(path()) == before));
}

BOOST_AUTO_TEST_CASE(it_removes_that_and_nothing_else) {
  const fs::path job = job_directory();
  const auto kept = checkpoints_in(job);
  litter();
  const words json = said(*this, {"gc", "--delete", "--json", job.string()});
  check_all(json, "checkpoint-garbage.json");
  BOOST_TEST(says(json, {"chk-77", "\"removed\":true"}));
  BOOST_TEST((said(*this, {"gc", job.string()}) == words{"no garbage"}));
  for (const char* gone : {"chk-77", "shared/._half_Xy12Ab", "work/attempt-9"})
    BOOST_TEST(!fs::exists(job / gone), gone);
  BOOST_TEST(!fs::exists(job / "shared" / orphan));
  for (const char* left : {"chk-007", "chk-78", "shared/notes.txt"})
    BOOST_TEST(fs::exists(fs::symlink_status(job / left)), left);
  BOOST_TEST(read_text(newest() / "notes.txt") == "mine");
  BOOST_TEST(read_text(path() / "elsewhere/precious.keyed") == "mine");
  BOOST_TEST((checkpoints_in(job) == kept));
  for (const fs::path& checkpoint : kept)
    said(*this, {"verify", checkpoint.string()});
  succeeds(click_count({"-s", newest().string()}));
  BOOST_TEST((sorted_lines(path() / "output") == undisturbed_output()));
}

BOOST_AUTO_TEST_CASE(shared_files_stay_where_metadata_cannot_be_read) {
  const fs::path damaged = checkpoints_in(job_directory()).front();
  write_text(damaged / "_metadata", "x");
  write_text(job_directory() / "shared" / orphan, "123");
  const auto before = files_in(job_directory() / "shared");
  const words lines = said(*this, {"gc", "--delete", job_directory().string()});
  BOOST_TEST(says(lines, {"shared files stay", (damaged / "_metadata").string()}));
  BOOST_TEST(says(lines, {"no garbage"}));
  const words json = said(*this, {"gc", "--json", job_directory().string()});
  check_all(json, "checkpoint-garbage.json");
  BOOST_TEST((files_in(job_directory() / "shared") == before));
}

BOOST_AUTO_TEST_CASE(what_is_no_job_directory_is_refused) {
  refuses(refused, {"checkpoint", "gc", "nowhere"}, {"does not exist"});
  refuses(refused, {"checkpoint", "gc", newest().string()},
          {"name the directory of its job"});
  refuses(refused, {"checkpoint", "gc", "checkpoints"}, {"not the directory of a job"});
  for (const char* name : {"work", "shared", "notes"})
    fs::create_directories(path() / "mine" / name);
  refuses(refused, {"checkpoint", "gc", "--delete", "mine"},
          {"not the directory of a job"});
}

BOOST_AUTO_TEST_CASE(that_of_a_running_job_is_refused) {
  child_process running(
      words{WEIR_BINARY} +
          click_count({"--job-id", "live", "-D", "execution.checkpointing.interval=20ms",
                       "-D", "execution.checkpointing.dir=checkpoints"},
                      {"--output", "another", "--per-second", "2000"}),
      path());
  const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
  while (running.next(deadline) == child_process::event::line &&
         running.line().find(" completed in ") == std::string::npos) {
  }
  const std::string live = (path() / "checkpoints/live").string();
  for (const words& how : {words{"gc", live}, words{"gc", "--delete", live}}) {
    const auto done = asked(*this, how);
    BOOST_TEST(done.end.code == refused);
    BOOST_TEST_REQUIRE(done.lines.size() == 1u);
    BOOST_TEST(says(done.lines, {"error: ", "in use by a running job", "stop that job"}));
  }
  running.kill();
  running.wait();
  const auto newest_one = checkpoints_in(live).back();
  said(*this, {"gc", "--delete", live});
  said(*this, {"verify", newest_one.string()});
}

BOOST_AUTO_TEST_CASE(files_that_lie_apart_are_looked_for_where_they_are) {
  const fs::path data = path() / "data";
  interrupted(click_count(words{"--job-id", "apart", "-D",
                                "execution.checkpointing.interval=20ms", "-D",
                                "execution.checkpointing.dir=checkpoints", "-D",
                                "execution.checkpointing.data-dir=" + data.string()} +
                              retain_on_cancellation,
                          {"--per-second", "2000", "--output", "other"}),
              4, SIGINT);
  const fs::path job = path() / "checkpoints/apart";
  const fs::path files = data / "apart";
  said(*this, {"gc", "--delete", job.string()});
  fs::create_directories(files / "chk-88");
  write_text(files / "chk-88/counts-0.keyed", "12345");
  write_text(files / "shared" / orphan, "123");
  const words lines = said(*this, {"gc", job.string()});
  BOOST_TEST(says(lines, {"incomplete checkpoint", (files / "chk-88").string()}));
  BOOST_TEST(says(lines, {"shared by none", (files / "shared" / orphan).string()}));
  BOOST_TEST(says(lines, {"8 B in 2 places"}));
  refuses(refused, {"checkpoint", "gc", files.string()}, {"name that one", job.string()});
  fs::rename(data, path() / "moved");
  refuses(refused, {"checkpoint", "gc", job.string()}, {"does not exist", "--data-dir"});
  write_text(path() / "moved/apart/_owner", "/somebody/else\n");
  refuses(refused, {"checkpoint", "gc", "--data-dir", "moved", job.string()},
          {"'/somebody/else'"});
  write_text(path() / "moved/apart/_owner", job.string() + "\n");
  said(*this, {"gc", "--delete", "--data-dir", "moved", job.string()});
  BOOST_TEST(!fs::exists(path() / "moved/apart/chk-88"));
  said(*this, {"verify", "--data-dir", "moved", job.string()});
}

BOOST_AUTO_TEST_CASE(diff_tells_two_checkpoints_apart) {
  const auto all = checkpoints_in(job_directory());
  const auto before = listing(path());
  const words lines = said(*this, {"diff", all[0].string(), all[1].string()});
  BOOST_TEST(says(lines, {"--- ", all[0].string()}));
  BOOST_TEST(says(lines, {"~ position of 'clicks', task 0", "\"next\"", " -> "}));
  BOOST_TEST(says(lines, {"+ " + all[1].filename().string() + "/counts-0.keyed"}));
  BOOST_TEST(says(lines, {" gone (", " new (", " in both ("}));
  const words json = said(*this, {"diff", "--json", all[0].string(), all[1].string()});
  check_all(json, "checkpoint-diff.json");
  BOOST_TEST_REQUIRE(json.size() == 1U);
  BOOST_TEST(says(json, {R"("operators":[],)", R"({"operator":"clicks","subtask":1,)"}));
  const words same = said(*this, {"diff", "--json", all[0].string(), all[0].string()});
  check_all(same, "checkpoint-diff.json");
  BOOST_TEST(says(same, {R"("operators":[],"positions":[],"files":{"gone":[],)",
                         R"("new":[],"new_bytes":0)"}));
  const words telling{"diff", "--exit-code", all[0].string()};
  BOOST_TEST(asked(*this, telling + words{all[0].string()}).end.code == 0);
  BOOST_TEST(asked(*this, telling + words{all[1].string()}).end.code == they_differ);
  BOOST_TEST((listing(path()) == before));
  // Another parallelism, and another job.
  const auto other = [&](const words& flags, const words& job, const char* root) {
    interrupted(words{"run"} + flags + retain_on_cancellation +
                    words{"-D", "execution.checkpointing.interval=20ms", "-D",
                          std::string("execution.checkpointing.dir=") + root} +
                    job,
                2, SIGINT);
    return checkpoints_in(only_entry(path() / root)).back().string();
  };
  const std::string wider = other(
      {"-p", "3"}, {click_count_library(), "--", "--output", "a", "--per-second", "2000"},
      "wider");
  const words rescaled = said(*this, {"diff", newest().string(), wider});
  BOOST_TEST(says(rescaled, {"~ operator 'counts', parallelism 2 -> 3"}));
  const std::string foreign =
      other({"-p", "2"}, {fixture("every_state"), "--", "--output", "b"}, "foreign");
  const words changed = said(*this, {"diff", newest().string(), foreign});
  BOOST_TEST(says(changed, {"+ operator 'everything', parallelism 2"}));
  BOOST_TEST(says(changed, {"- operator 'clicks', parallelism 2"}));
  BOOST_TEST(says(changed, {"~ operator 'counts'", "state changed 'value'", "key u64 -> ",
                            "key string"}));
  check_all(said(*this, {"diff", "--json", newest().string(), foreign}),
            "checkpoint-diff.json");
  refuses(refused, {"checkpoint", "diff", newest().string(), "nowhere"}, {"nowhere"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_checkpoint_gc
