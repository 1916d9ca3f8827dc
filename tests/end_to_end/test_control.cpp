// A running job under the commands that find it: list, info, savepoint, stop, cancel.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

namespace weir::testing::test_control {

namespace fs = std::filesystem;

namespace {

const int job_failed = 1, usage = 2, restore_refused = 3;

const words checkpointing{"-D", "execution.checkpointing.interval=50ms", "-D",
                          "execution.checkpointing.dir=checkpoints"};
const words slowly{"--per-second", "1000"}; // it would take very long

class running_job {
public:
  /// Returns when the job has told of a checkpoint.
  running_job(const workspace& place, const words& flags)
      : child_(words{WEIR_BINARY} + click_count(checkpointing + flags, slowly),
               place.path()) {
    BOOST_REQUIRE(!line_with("checkpoint 1 completed").empty());
  }

  /// Reads on until a line that contains `part`; empty when it does not come.
  std::string line_with(const std::string& part) {
    const auto deadline = child_process::clock::now() + std::chrono::seconds(60);
    while (child_.next(deadline) == child_process::event::line)
      if (child_.line().find(part) != std::string::npos)
        return child_.line();
    return "";
  }
  /// Its exit code, when it has ended by itself.
  int code() {
    line_with("nothing says this");
    return child_.wait().code;
  }
  void kill() {
    child_.kill();
    child_.wait();
  }

private:
  child_process child_;
};

/// Every job has its socket in `run`.
struct control_fixture : workspace {
  control_fixture() { ::setenv("WEIR_RUN_DIR", (*this / "run").c_str(), 1); }
  ~control_fixture() { ::unsetenv("WEIR_RUN_DIR"); }

  /// `weir ARGUMENTS`, with its standard output among what it says.
  finished_process asked(const words& arguments) const {
    return program(words{"/bin/sh", "-c", "exec \"$@\" 1>&2", "sh", WEIR_BINARY} +
                   arguments);
  }
  std::string said(const words& arguments, int code = 0) const {
    const finished_process done = asked(arguments);
    std::string text;
    for (const std::string& line : done.lines)
      text += line + '\n';
    BOOST_TEST(done.end.code == code, text);
    return text;
  }
  void says(const words& arguments, const words& parts, int code = 0) const {
    const std::string text = said(arguments, code);
    for (const std::string& part : parts)
      BOOST_TEST(text.find(part) != text.npos, "no '" << part << "' in: " << text);
  }
};

/// The answer to bytes that a client of another kind sends.
std::string answer_to(const fs::path& socket, const std::string& bytes) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::strncpy(to.sun_path, socket.c_str(), sizeof to.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  BOOST_REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto some = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (some < 0)
      break; // it does not listen to all of it
    sent += static_cast<std::size_t>(some);
  }
  ::shutdown(fd, SHUT_WR);
  std::string answer;
  char more[4096];
  for (ssize_t got; (got = ::recv(fd, more, sizeof more, 0)) > 0;)
    answer.append(more, static_cast<std::size_t>(got));
  ::close(fd);
  return answer;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(control, control_fixture)

BOOST_AUTO_TEST_CASE(a_job_is_found_saved_stopped_and_resumed) {
  running_job job(*this, {"--job-id", "payments"});
  says({"list"}, {"payments", "libclick_count", " ago, chk-"});
  says({"list", "--json"}, {R"("job_id":"payments")", R"("interval_ms":50)"});
  says({"info", "pay"}, {"job payments", "rows read", "chk-", "checkpoints/payments"});

  says({"savepoint", "payments", "saved"},
       {"taking a savepoint of job payments",
        path().string() + "/saved/savepoint-paymen-", "resume it with:", " run -s "});
  const fs::path first = only_entry(path() / "saved");
  says({"checkpoint", "verify", first.string()}, {"is intact"});
  says({"checkpoint", "show", first.string()}, {"savepoint", "payments"});

  says({"info", "payments"}, {"options", "execution.checkpointing.interval", "50", "-D"});
  says(
      {"info", "--json", "payments"},
      {R"({"name":"execution.checkpointing.interval","value":"50)", R"("origin":"-D"})"});
  says({"checkpoint", "pay"},
       {"taking a checkpoint of job payments", "checkpoints/payments/chk-"});
  says({"checkpoint", "--full", "--json", "payments"}, {R"("checkpoint":")"});
  says({"stop", "payments", "stopped"}, {path().string() + "/stopped/savepoint-paymen-"});
  const fs::path last = only_entry(path() / "stopped");
  BOOST_TEST(!job.line_with("stopped with savepoint " + last.string()).empty());
  BOOST_TEST(job.code() == 0);
  says({"list"}, {"no jobs are running"});
  BOOST_TEST(fs::is_empty(path() / "run"));

  fs::remove_all(path() / "checkpoints");
  succeeds(click_count(
      {"-p", "3", "-D", "state.backend.type=filesystem", "-s", last.string()}));
  BOOST_TEST((sorted_lines(*this / "output") == undisturbed_output()));
  says({"savepoint", "--dispose", first.string()}, {"removed " + first.string()});
  BOOST_TEST(!fs::exists(first));
}

BOOST_AUTO_TEST_CASE(a_drained_job_has_written_all_that_it_had_read) {
  running_job job(*this, {"--job-id", "drained", "-D", "state.savepoints.dir=saved"});
  says({"stop", "--drain", "--json", "drained"}, {R"("savepoint":")"});
  const std::string read = job.line_with("rows read");
  const std::string written = job.line_with("rows written");
  BOOST_TEST(!read.empty());
  BOOST_TEST(job.code() == 0);
  std::string digits;
  for (const char c : written.substr(0, written.find('(')))
    if (c >= '0' && c <= '9')
      digits += c;
  BOOST_TEST(digits == std::to_string(sorted_lines(*this / "output").size()));
}

BOOST_AUTO_TEST_CASE(a_cancelled_job_says_how_to_resume_here_and_there) {
  running_job job(*this, words{"--job-id", "ended"} + retain_on_cancellation);
  says({"cancel", "ended"}, {"job ended CANCELLED; resume it with:", "run -r "});
  BOOST_TEST(!job.line_with("; resume it with:").empty());
  BOOST_TEST(job.code() == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(a_job_that_was_killed_is_not_found_and_leaves_nothing) {
  {
    running_job job(*this, {"--job-id", "gone"});
    BOOST_TEST(fs::exists(path() / "run" / "gone.sock"));
    job.kill();
  }
  says({"list"}, {"no jobs are running"});
  BOOST_TEST(fs::is_empty(path() / "run"));
  refuses(restore_refused, {"savepoint", "gone", "saved"}, {"no job 'gone' is running"});
}

BOOST_AUTO_TEST_CASE(the_beginning_of_an_id_may_mean_several) {
  running_job one(*this, {"--job-id", "ab1"});
  const control_fixture elsewhere;
  ::setenv("WEIR_RUN_DIR", (*this / "run").c_str(), 1);
  running_job other(elsewhere, {"--job-id", "ab2"});
  says({"info", "ab"}, {"several running jobs: ab1, ab2"}, usage);
  says({"info", "ab2"}, {"job ab2"});
  one.kill();
  other.kill();
}

BOOST_AUTO_TEST_CASE(what_a_job_cannot_do_is_told_and_it_goes_on) {
  running_job job(*this, {"--job-id", "stays"});
  write_text(path() / "file", "");
  says({"savepoint", "stays"}, {"execution.checkpointing.savepoint-dir"}, job_failed);
  says({"stop", "stays", "file"}, {"Not a directory", "choose a writable"}, job_failed);
  const fs::path socket = path() / "run" / "stays.sock";
  for (const std::string& bytes :
       {std::string("hello\n"), std::string("{\"command\":\"fly\"}\n"),
        std::string("{\"command\":7}\n"), std::string(100, '{')}) {
    const std::string answer = answer_to(socket, bytes);
    BOOST_TEST(answer.starts_with("{\"error\":\""), bytes << " -> " << answer);
  }
  BOOST_TEST(answer_to(socket, std::string(1 << 20, 'x')) == "");
  BOOST_TEST(answer_to(socket, "") == "");
  says({"info", "stays"}, {"job stays"});
  job.kill();
}

BOOST_AUTO_TEST_CASE(a_run_directory_that_others_may_read_is_not_used) {
  fs::create_directory(path() / "run");
  fs::permissions(path() / "run", fs::perms(0755));
  says({"list"}, {"others may look into it", "WEIR_RUN_DIR"}, usage);
  const auto done = weir(click_count({}));
  BOOST_TEST(done.end.code == 0);
  BOOST_TEST(std::ranges::any_of(done.lines, [](const std::string& line) {
    return line.find("warning: no command will find this job") != line.npos;
  }));
}

BOOST_AUTO_TEST_CASE(words_that_make_no_command_are_refused) {
  refuses(usage, {"savepoint"}, {"takes a JOB, or --dispose and a PATH"});
  refuses(usage, {"savepoint", "--dispose", "a", "b"}, {"takes a JOB, or --dispose"});
  refuses(usage, {"stop"}, {"JOB is required", "weir stop --help"});
  refuses(restore_refused, {"savepoint", "--dispose", "nowhere"}, {"nowhere"});
  refuses(usage, {"list", "this"}, {"this", "weir list --help"});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_is_not_disposed_of) {
  const killed_job left;
  left.refuses(usage, {"savepoint", "--dispose", left.newest().string()},
               {"is no savepoint", "weir checkpoint rm"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_control
