// Savepoints of a running job, and jobs that are stopped with one, through the library.
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "state/locate_checkpoint.hpp"
#include "state/remove_checkpoint.hpp"
#include "tests/embedding/counted_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

namespace weir::testing::test_savepoints {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::uint64_t to_its_end = 5'000; // per second: in some seconds

/// Asks for something at a checkpoint, once.
struct at_checkpoint : job_observer {
  std::uint64_t awaited = 1;
  std::function<void(const completed_checkpoint&)> ask;
  std::vector<fs::path> savepoints;
  std::vector<std::string> warnings;
  std::uint64_t completed_since = 0; // that a savepoint was complete

  void completed(const completed_checkpoint& taken) override {
    if (!savepoints.empty())
      ++completed_since;
    if (taken.id.value >= awaited && ask)
      std::exchange(ask, {})(taken);
  }
  void saved(const completed_checkpoint& taken) override {
    savepoints.push_back(taken.directory);
  }
  void warned(const std::string& of) override { warnings.push_back(of); }
};

struct savepoint_fixture {
  temporary_directory place{fast_directory()}; // no disk makes a job wait
  fs::path root = place.path() / "savepoints";
  job_control control;
  at_checkpoint told;
  std::atomic<bool> to_hold = false; // the next record, until it fails
  std::atomic<bool> failing = false; // the record that is held
  counted_numbers job_of_it{.output = place.path() / "output",
                            .per_second = 1'000}; // no end before it is told to
  std::future<fs::path> asked;
  run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "20ms"},
                   {"execution.checkpointing.dir", place.path() / "checkpoints"},
                   {"restart-strategy.fixed-delay.attempts", "1"},
                   {"restart-strategy.fixed-delay.delay", "0"}},
      .observer = &told,
      .control = &control,
  };

  job_report run_it() {
    return run(
        [this](job& job) {
          job_of_it.counts(job)
              .map([this](const counted<std::uint64_t>& each) {
                if (to_hold.exchange(false)) { // one task: the others have a thread, too
                  failing.wait(false);
                  throw std::runtime_error("this failure was asked for");
                }
                return each;
              })
              .sink("lines", write_lines(job_of_it.output));
        },
        options);
  }

  job_report resume(const fs::path& from, std::uint64_t rate = 0) {
    run_options again = options;
    again.restore_from = from;
    again.control = nullptr;
    again.observer = nullptr;
    std::swap(options, again);
    job_of_it.per_second = rate;
    const job_report report = run_it();
    std::swap(options, again);
    return report;
  }

  void check_output() const { BOOST_TEST((job_of_it.lines() == job_of_it.all_lines())); }

  std::string refusal() {
    try {
      asked.get();
      return "";
    } catch (const error& problem) {
      return problem.what();
    }
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(savepoints, savepoint_fixture)

BOOST_AUTO_TEST_CASE(a_job_goes_on_after_a_savepoint_which_needs_nothing_else) {
  job_of_it.per_second = to_its_end;
  options.settings["execution.checkpointing.num-retained"] = "1";
  told.ask = [&](const auto&) { asked = control.savepoint(root); };
  const job_report report = run_it();
  const fs::path taken = asked.get();
  BOOST_TEST((told.savepoints == std::vector<fs::path>{taken}));
  BOOST_TEST(taken.parent_path() == root);
  BOOST_TEST(says(taken.filename(), "savepoint-" + report.job_id.substr(0, 6) + "-"));
  BOOST_TEST(told.completed_since > 1U);
  BOOST_TEST(!report.savepoint);
  check_output();

  // All checkpoints of the job are gone, and it may be anywhere.
  fs::remove_all(place.path() / "checkpoints");
  const fs::path moved = place.path() / "elsewhere";
  fs::rename(taken, moved);
  const located_checkpoint found = locate_checkpoint(moved / "_metadata");
  BOOST_TEST(found.metadata.savepoint);
  BOOST_TEST(damaged_files(found).empty());
  BOOST_TEST(resume("file://" + moved.string()).restarts() == 0U);
  check_output();
}

BOOST_AUTO_TEST_CASE(a_job_that_is_stopped_goes_on_with_any_backend_and_parallelism) {
  for (const char* const before : {"memory", "filesystem", "rocksdb"})
    for (const char* const after : {"memory", "filesystem", "rocksdb"}) {
      BOOST_TEST_INFO_SCOPE(before << " -> " << after);
      savepoint_fixture at;
      at.options.settings["state.backend.type"] = before;
      at.told.ask = [&](const auto&) { at.asked = at.control.stop(at.root); };
      const job_report report = at.run_it();
      const fs::path taken = at.asked.get();
      BOOST_TEST((report.savepoint == taken));
      BOOST_TEST((report.resume_from == taken));
      BOOST_TEST(!report.cancelled);
      BOOST_TEST(at.job_of_it.lines().size() < counted_numbers::numbers);

      at.options.settings["state.backend.type"] = after;
      at.options.parallelism = 3;
      at.resume(taken);
      at.check_output();
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_written_behind_the_savepoint_of_a_stop) {
  told.ask = [&](const auto&) { asked = control.stop(root); };
  run_it();
  const auto written = job_of_it.lines();
  const fs::path taken = asked.get();
  std::uint64_t counted = 0;
  // What a resumed run cuts its files to is what they have.
  options.settings["execution.checkpointing.interval"] = "none";
  run_options dry = options;
  for (const auto& file : files_in(place.path() / "output"))
    counted += fs::file_size(file);
  fs::copy(place.path() / "output", place.path() / "copy");
  std::stop_source at_once;
  at_once.request_stop();
  options.cancel = at_once.get_token();
  resume(taken);
  std::uint64_t cut = 0;
  for (const auto& file : files_in(place.path() / "output"))
    cut += fs::file_size(file);
  BOOST_TEST(cut == counted);
}

BOOST_AUTO_TEST_CASE(a_drained_job_has_said_all_that_came_of_what_it_had_read) {
  told.ask = [&](const auto&) { asked = control.drain(root); };
  const job_report report = run_it();
  const fs::path taken = asked.get();
  BOOST_TEST((report.savepoint == taken));
  BOOST_TEST(!report.resume_from);
  BOOST_TEST(report.figures.rows_read < counted_numbers::numbers);
  BOOST_TEST(report.figures.rows_read == job_of_it.lines().size());
  resume(taken); // though it is not meant to be
  check_output();
}

BOOST_AUTO_TEST_CASE(a_job_without_checkpoints_can_be_saved_too) {
  options.settings.erase("execution.checkpointing.interval");
  for (int time = 0; time < 2; ++time)
    asked = control.savepoint(root); // it has not even begun
  const auto stopped = std::async(std::launch::async, [&] {
    asked.wait();
    return control.stop(root).get();
  });
  run_it();
  BOOST_TEST(told.savepoints.size() == 3U);
  BOOST_TEST(!fs::exists(place.path() / "checkpoints" / "work"));
  resume(told.savepoints.back());
  check_output();
}

BOOST_AUTO_TEST_CASE(the_directory_may_be_an_option) {
  options.settings["state.savepoints.dir"] = root;
  told.ask = [&](const auto&) { asked = control.stop(); };
  run_it();
  BOOST_TEST(asked.get().parent_path() == root);
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_made_is_refused_and_the_job_goes_on) {
  job_of_it.per_second = to_its_end;
  write_text(place.path() / "file", "");
  std::vector<std::future<fs::path>> all;
  told.ask = [&](const auto&) {
    all.push_back(control.savepoint(place.path() / "file" / "below"));
    all.push_back(control.stop(place.path() / "file"));
    all.push_back(control.savepoint());
  };
  BOOST_TEST(run_it().checkpoints_failed == 0U);
  const char* const reasons[] = {"Not a directory", "Not a directory",
                                 "execution.checkpointing.savepoint-dir"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    asked = std::move(all[i]);
    const std::string said = refusal();
    BOOST_TEST(says(said, reasons[i]), said);
  }
  BOOST_TEST(told.warnings.size() == 2U);
  check_output();
}

BOOST_AUTO_TEST_CASE(of_a_job_that_is_over_there_is_none) {
  const auto early = [&] { asked = control.savepoint(root); };
  options.settings["execution.checkpointing.mode"] = "SOMETIMES"; // it is refused
  early();
  BOOST_CHECK_THROW(run_it(), error);
  BOOST_TEST(says(refusal(), "the job is over"));
  early();
  BOOST_TEST(says(refusal(), "the job is over"));
  BOOST_TEST(!fs::exists(root));
}

BOOST_AUTO_TEST_CASE(a_failure_meanwhile_is_told_and_the_job_restarts) {
  job_of_it.per_second = to_its_end;
  options.settings.erase("execution.checkpointing.interval"); // none is under way
  to_hold = true;                                             // so it does not get far
  asked = control.stop(root);
  const std::jthread fails_it([&] {
    while (!fs::exists(root) || fs::is_empty(root))
      std::this_thread::yield();
    failing = true;
    failing.notify_one();
  });
  BOOST_TEST(run_it().restarts() == 1U);
  const std::string said = refusal();
  BOOST_TEST(says(said, "the job failed while it was taken"), said);
  BOOST_TEST(told.savepoints.empty());
  BOOST_TEST(fs::is_empty(root));
  check_output();
}

BOOST_AUTO_TEST_CASE(a_claimed_one_goes_when_the_run_has_enough_of_its_own) {
  told.ask = [&](const auto&) { asked = control.stop(root); };
  run_it();
  const fs::path taken = asked.get();
  options.settings["execution.state-recovery.claim-mode"] = "claim";
  options.settings["execution.checkpointing.num-retained"] = "1";
  resume(taken, to_its_end); // so that it takes some
  BOOST_TEST(!fs::exists(taken));
  check_output();
}

BOOST_AUTO_TEST_CASE(one_is_removed_like_a_checkpoint) {
  told.ask = [&](const auto&) { asked = control.stop(root); };
  run_it();
  const fs::path taken = asked.get();
  const fs::path moved = place.path() / "mine";
  fs::rename(taken, moved);
  BOOST_TEST(claimed_checkpoint(moved).remove().removed);
  BOOST_TEST(!fs::exists(moved));
  BOOST_TEST(fs::is_empty(root));
}

BOOST_AUTO_TEST_CASE(a_control_cancels_too) {
  told.ask = [&](const auto&) { control.cancel(); };
  BOOST_TEST(run_it().cancelled);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_savepoints
