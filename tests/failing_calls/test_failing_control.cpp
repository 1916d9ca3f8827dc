// Each call by which a job is found and asked fails once: whoever asks then, or the next
// one, gets an answer, the job goes on, and no name stays in the run directory.
#include "apps/weir/control/job_server.hpp"
#include "apps/weir/control/line_stream.hpp"
#include "serialization/error.hpp"
#include "tests/failing_calls/failing_disk.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cstdlib>

namespace weir::testing::test_failing_control {

namespace {

namespace fs = std::filesystem;

constexpr const char* job_id = "0123456789abcdef";

/// Nothing where the answer did not come.
std::optional<std::string> ask(const cli::run_directory& directory,
                               const std::string& question) {
  const auto job = directory.connect(job_id);
  if (!job || !cli::send_line(*job, question + "\n"))
    return std::nullopt;
  return cli::receive_line(*job);
}

struct talk {
  std::optional<std::string> answer; // to the first question
  std::optional<std::string> again;  // when no call fails any more
  std::vector<std::string> running;
  std::string refused; // why the job cannot be asked
};

talk serve_and_ask(failing_disk& disk) {
  talk heard;
  try {
    cli::job_server server(
        job_id, [](const std::string& question) { return question + " answered\n"; });
    const cli::run_directory directory;
    try {
      heard.running = directory.running();
      heard.answer = ask(directory, "first");
    } catch (const error& refused) {
      heard.refused = refused.what();
    }
    disk.stop();
    heard.again = ask(directory, "second");
    listen_to_file_calls(&disk); // for the end of the server
  } catch (const error& refused) {
    heard.refused = refused.what();
  }
  disk.stop();
  return heard;
}

std::vector<std::string> names_left(const fs::path& place) {
  const cli::run_directory directory;
  directory.running(); // whoever looks removes what has died
  std::vector<std::string> names;
  for (const auto& each : fs::directory_iterator(place / "run"))
    names.push_back(each.path().filename());
  return names;
}

std::string wrong_with(const talk& heard, const std::optional<failed_call>& failed,
                       const fs::path& place) {
  if (!heard.refused.empty() && (heard.refused.find('\n') != std::string::npos ||
                                 heard.refused.find(place.string()) == std::string::npos))
    return "no line with a path: " + heard.refused;
  const bool began = heard.again.has_value();
  if (!began && heard.refused.empty())
    return "the second question had no answer";
  if (began && *heard.again != "second answered")
    return "another answer: " + *heard.again;
  if ((!failed || failed->is_passing()) && heard.answer != "first answered")
    return "the first question had no answer " + heard.refused;
  const auto left = names_left(place);
  return left.empty() ? "" : "'" + left.front() + "' is left";
}

} // namespace

BOOST_AUTO_TEST_SUITE(failing_control)

BOOST_AUTO_TEST_CASE(whichever_call_fails_the_job_can_be_asked) {
  std::size_t calls = 0;
  std::uint64_t failures = 0, refused = 0;
  for (const call_failure how : all_call_failures)
    for (std::uint64_t number = 0; number == 0 || number < calls; ++number) {
      const temporary_directory scratch(fast_directory());
      ::setenv("WEIR_RUN_DIR", (scratch.path() / "run").c_str(), 1);
      failing_disk disk(scratch.path());
      disk.fail(number, how);
      const talk heard = serve_and_ask(disk);
      calls = std::max(calls, disk.heard().size());
      failures += disk.failed().has_value();
      refused += !heard.refused.empty();
      BOOST_TEST(wrong_with(heard, disk.failed(), scratch.path()) == "",
                 (disk.failed() ? disk.failed()->text() : "nothing failed"));
    }
  print_figures("failing calls", fmt::format("control: {} calls, {} failures, {} told",
                                             calls, failures, refused));
  BOOST_TEST(failures > calls);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_failing_control
