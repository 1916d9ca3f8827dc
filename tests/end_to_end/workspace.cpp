#include "tests/end_to_end/workspace.hpp"

#include "state/checkpoint_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <iterator>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds limit{60};

std::string text_of(const words& lines) {
  std::string text;
  for (const auto& line : lines)
    text += "\n  " + line;
  return text;
}

/// Killed after its third checkpoint, long before its end, once for all tests.
const workspace& killed_once() {
  static const workspace place;
  if (fs::exists(place / "checkpoints"))
    return place;
  const words command = click_count({"-D", "execution.checkpointing.interval=100ms", "-D",
                                     "execution.checkpointing.dir=checkpoints"},
                                    {"--per-second", "5000"});
  BOOST_REQUIRE_NE(place.interrupted(command, 3, SIGKILL).end.signal, 0);
  return place;
}

} // namespace

const words retain_on_cancellation{
    "-D", "execution.checkpointing.externalized-checkpoint-retention="
          "RETAIN_ON_CANCELLATION"};

std::string click_count_library() {
  return WEIR_JOBS "/libclick_count.so";
}
std::string click_count_program() {
  return WEIR_JOBS "/click_count";
}
std::string fixture(std::string_view name) {
  return WEIR_FIXTURES "/lib" + std::string(name) + ".so";
}

words operator+(words first, const words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

words click_count(const words& flags, const words& job_options) {
  const bool has_parallelism = std::find(flags.begin(), flags.end(), "-p") != flags.end();
  return words{"run"} + (has_parallelism ? words{} : words{"-p", "2"}) + flags +
         words{click_count_library(), "--", "--clicks", "100000", "--output", "output"} +
         job_options;
}

finished_process workspace::weir(const words& arguments) const {
  return program(words{WEIR_BINARY} + arguments);
}

finished_process workspace::program(const words& command) const {
  return run_process(command, path(), limit);
}

finished_process workspace::interrupted(const words& arguments, int checkpoints,
                                        int signal) const {
  child_process job(words{WEIR_BINARY} + arguments, path());
  const auto deadline = child_process::clock::now() + limit;
  finished_process ended;
  int completed = 0;
  while (job.next(deadline) == child_process::event::line) {
    ended.lines.push_back(job.line());
    const bool one_more = job.line().starts_with("checkpoint ") &&
                          job.line().find(" completed in ") != std::string::npos;
    if (one_more && ++completed == checkpoints)
      job.signal(signal);
  }
  ended.end = job.wait();
  BOOST_TEST(completed >= checkpoints, text_of(arguments) << text_of(ended.lines));
  return ended;
}

void workspace::refuses(int code, const words& arguments, const words& wanted) const {
  const auto before = listing(path());
  const finished_process refused = weir(arguments);
  const std::string said = text_of(arguments) + "\nsaid" + text_of(refused.lines);
  BOOST_TEST(refused.end.code == code, said);
  const auto is_error = [](const std::string& line) {
    return line.starts_with("error: ");
  };
  const auto errors = std::count_if(refused.lines.begin(), refused.lines.end(), is_error);
  BOOST_TEST(errors == 1, said);
  for (const auto& part : wanted)
    BOOST_TEST((!refused.lines.empty() && refused.lines.back().find(part) != part.npos),
               "'" << part << "' is not in what" << said);
  const auto after = listing(path());
  BOOST_TEST((before == after), "something changed on disk by" << said);
}

void workspace::succeeds(const words& arguments) const {
  const finished_process finished = weir(arguments);
  BOOST_TEST_REQUIRE(finished.end.code == 0, text_of(arguments)
                                                 << "\nsaid" << text_of(finished.lines));
}

killed_job::killed_job() {
  fs::copy(killed_once().path(), path(),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  job_ = only_entry(path() / "checkpoints");
  newest_ = checkpoints_in(job_).back();
}

std::vector<fs::path> killed_job::files() const {
  auto files = files_in(newest_);
  for (const auto& name : shared_names(newest_))
    files.push_back(job_ / "shared" / name);
  return files;
}

const words& undisturbed_output() {
  static const words lines = [] {
    const workspace place;
    place.succeeds(click_count({}));
    return sorted_lines(place / "output");
  }();
  return lines;
}

words shared_names(const fs::path& checkpoint) {
  words names;
  for (const auto& op : locate_checkpoint(checkpoint).metadata.operators)
    for (const auto& subtask : op.subtasks)
      if (subtask.keyed)
        for (const auto& file : subtask.keyed->shared)
          names.push_back(file.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

fs::path only_entry(const fs::path& directory) {
  const std::vector<fs::path> entries{fs::directory_iterator(directory), {}};
  BOOST_TEST_REQUIRE(entries.size() == 1u, directory.string());
  return entries.front();
}

} // namespace weir::testing
