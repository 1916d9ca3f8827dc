// How a job goes on by itself: after damage to its checkpoints, after checkpoints that
// come to nothing, and by the restart strategies.
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/embedding/counted_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <fstream>

namespace weir::testing::test_recovery {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct told_of : job_observer {
  std::vector<std::string> warnings;
  std::vector<std::chrono::milliseconds> delays;
  std::vector<checkpoint_id> restores;
  std::function<void(const completed_checkpoint&)> on_completed;
  std::function<void()> on_warned, on_restarting;

  void completed(const completed_checkpoint& checkpoint) override {
    if (on_completed)
      on_completed(checkpoint);
  }
  void restored(checkpoint_id id, attempt_id) override { restores.push_back(id); }
  void restarting(const std::string&, attempt_id,
                  std::chrono::milliseconds delay) override {
    delays.push_back(delay);
    if (on_restarting)
      on_restarting();
  }
  void warned(const std::string& of) override {
    warnings.push_back(of);
    if (on_warned)
      on_warned();
  }
  bool warned_of(const std::string& part) const {
    return std::ranges::any_of(
        warnings, [&](const std::string& each) { return each.find(part) != each.npos; });
  }
};

struct recovery_fixture {
  temporary_directory place{fast_directory()}; // no disk makes a job wait
  told_of told;
  std::atomic<bool> failing = false; // at the next record, once
  bool always_failing = false;       // at every record
  std::atomic<bool> stuck = false;   // in the next record, until it is not
  counted_numbers job_of_it{.output = place.path() / "output", .per_second = 5'000};
  run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "20ms"},
                   {"execution.checkpointing.dir", place.path() / "checkpoints"},
                   {"execution.checkpointing.num-retained", "1000"},
                   {"state.backend.type", "filesystem"},
                   {"restart-strategy.fixed-delay.attempts", "1"},
                   {"restart-strategy.fixed-delay.delay", "0"}},
      .observer = &told,
  };

  job_report run_it() {
    return run(
        [this](job& job) {
          job_of_it.counts(job)
              .map([this](const counted<std::uint64_t>& each) {
                if (always_failing || failing.exchange(false))
                  throw std::runtime_error("this failure was asked for");
                stuck.wait(true);
                return each;
              })
              .sink("lines", write_lines(job_of_it.output));
        },
        options);
  }

  std::optional<error> failure_of_it() {
    try {
      run_it();
      return std::nullopt;
    } catch (const error& problem) {
      return problem;
    }
  }

  void go_on() {
    stuck = false;
    stuck.notify_all();
  }

  void check_output() const { BOOST_TEST((job_of_it.lines() == job_of_it.all_lines())); }

  /// Returns when a record has failed: no other checkpoint begins before that.
  void fail_now() {
    failing = true;
    await_taken(failing);
  }

  /// What `damage` does to every checkpoint from `first` on, until the job fails of it.
  void damage_from(std::uint64_t first, void (*damage)(const fs::path& checkpoint)) {
    told.on_completed = [this, first, damage](const completed_checkpoint& taken) {
      if (taken.id.value < first || !told.delays.empty())
        return;
      damage(taken.directory);
      if (taken.id.value >= 3)
        fail_now();
    };
  }
};

fs::path any_file_of(const fs::path& checkpoint) {
  for (const auto& file : files_in(checkpoint))
    if (file.extension() == ".keyed")
      return file;
  throw std::runtime_error("a checkpoint without rows");
}

void flip_a_byte(const fs::path& checkpoint) {
  std::string bytes = read_text(any_file_of(checkpoint));
  bytes[bytes.size() / 2] ^= 1;
  write_text(any_file_of(checkpoint), bytes);
}
void remove_a_file(const fs::path& checkpoint) {
  fs::remove(any_file_of(checkpoint));
}
void cut_the_metadata(const fs::path& checkpoint) {
  fs::resize_file(checkpoint / "_metadata", 20);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(recovery, recovery_fixture)

BOOST_AUTO_TEST_CASE(a_damaged_newest_checkpoint_is_passed_over_with_a_warning) {
  for (const auto damage : {flip_a_byte, remove_a_file, cut_the_metadata}) {
    recovery_fixture at;
    at.damage_from(3, damage);
    const job_report report = at.run_it();
    BOOST_TEST(report.restarts() == 1U);
    BOOST_TEST((at.told.restores == std::vector<checkpoint_id>{{2}}));
    BOOST_TEST(at.told.warned_of("chk-3 is damaged, so the job goes back to chk-2: "));
    BOOST_TEST(at.told.warned_of((at.place.path() / "checkpoints").string()));
    at.check_output();
    // Numbers go on behind those that were damaged.
    BOOST_TEST(report.checkpoints.back().id.value > 3U);
  }
}

BOOST_AUTO_TEST_CASE(with_none_intact_the_job_fails_and_names_one) {
  damage_from(1, remove_a_file);
  const auto failed = failure_of_it();
  BOOST_TEST_REQUIRE(failed.has_value());
  BOOST_TEST((failed->kind() == failure::restore_refused));
  BOOST_TEST(std::string(failed->what()).find("chk-1") != std::string::npos);
  BOOST_TEST(told.restores.empty());
}

BOOST_AUTO_TEST_CASE(with_none_intact_it_goes_back_to_where_the_run_began) {
  options.settings["execution.checkpointing.externalized-checkpoint-retention"] =
      "RETAIN_ON_CANCELLATION";
  std::stop_source stop;
  told.on_completed = [&](const completed_checkpoint&) { stop.request_stop(); };
  options.cancel = stop.get_token();
  options.restore_from = run_it().resume_from;
  BOOST_TEST_REQUIRE(options.restore_from.has_value());
  const checkpoint_id began{1};
  options.cancel = {};
  damage_from(began.value + 1, remove_a_file);
  BOOST_TEST(run_it().restarts() == 1U);
  BOOST_TEST((told.restores == std::vector<checkpoint_id>{began, began}));
  check_output();
}

BOOST_AUTO_TEST_CASE(snapshots_that_cannot_be_written_are_given_up_and_the_job_goes_on) {
  options.settings["state.backend.type"] = "memory";
  options.settings["execution.checkpointing.fail-on-checkpoint-error"] = "false";
  const fs::path root = place.path() / "checkpoints", away = place.path() / "away";
  told.on_completed = [&](const completed_checkpoint& taken) {
    if (taken.id.value == 2)
      fs::rename(root, away);
  };
  told.on_warned = [&] {
    if (told.warnings.size() == 3)
      fs::rename(away, root);
  };
  const job_report report = run_it();
  BOOST_TEST(report.restarts() == 0U);
  BOOST_TEST(report.checkpoints_failed == 3U);
  BOOST_TEST(report.checkpoints.size() > 2U);
  BOOST_TEST(told.warned_of("checkpoint 3 failed, 1 in a row: operator '"));
  BOOST_TEST(told.warned_of("checkpoint 5 failed, 3 in a row: "));
  check_output();
}

BOOST_AUTO_TEST_CASE(more_failures_in_a_row_than_are_tolerable_fail_the_attempt) {
  options.settings["state.backend.type"] = "memory";
  options.settings["execution.checkpointing.tolerable-failed-checkpoints"] = "1";
  options.settings["restart-strategy.type"] = "none";
  told.on_completed = [&](const completed_checkpoint& taken) {
    if (taken.id.value == 2)
      fs::rename(place.path() / "checkpoints", place.path() / "away");
  };
  const auto failed = failure_of_it();
  BOOST_TEST_REQUIRE(failed.has_value());
  const std::string said = failed->what();
  for (const char* part : {"checkpoint 4 failed: operator '", "No such file or directory",
                           "tolerable-failed-checkpoints (1)"})
    BOOST_TEST(said.find(part) != said.npos, said);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_takes_too_long_is_given_up) {
  options.settings["execution.checkpointing.timeout"] = "300ms";
  options.settings["execution.checkpointing.fail-on-checkpoint-error"] = "false";
  told.on_completed = [&](const completed_checkpoint&) { stuck = told.warnings.empty(); };
  told.on_warned = [&] { go_on(); };
  const job_report report = run_it();
  BOOST_TEST(report.restarts() == 0U);
  BOOST_TEST(report.checkpoints_failed > 0U);
  BOOST_TEST(told.warned_of("it was not complete after 300 ms"));
  check_output();
}

BOOST_AUTO_TEST_CASE(one_that_is_not_tolerable_brings_a_restart) {
  options.settings["execution.checkpointing.timeout"] = "300ms";
  options.settings["restart-strategy.fixed-delay.attempts"] = "100"; // on a slow disk
  told.on_completed = [&](const completed_checkpoint&) { stuck = told.delays.empty(); };
  told.on_restarting = [&] { go_on(); };
  BOOST_TEST(run_it().restarts() > 0U);
  check_output();
}

BOOST_AUTO_TEST_CASE(fixed_delay_restarts_so_often) {
  options.settings = {{"restart-strategy.type", "fixed-delay"},
                      {"restart-strategy.fixed-delay.delay", "2ms"}};
  always_failing = true;
  BOOST_TEST(failure_of_it().has_value());
  BOOST_TEST((told.delays == std::vector<std::chrono::milliseconds>{2ms}));
}

BOOST_AUTO_TEST_CASE(failure_rate_restarts_until_too_many_fall_into_the_interval) {
  options.settings = {{"restart-strategy.type", "failure-rate"},
                      {"restart-strategy.failure-rate.max-failures-per-interval", "3"},
                      {"restart-strategy.failure-rate.failure-rate-interval", "1h"},
                      {"restart-strategy.failure-rate.delay", "1ms"}};
  always_failing = true;
  BOOST_TEST(failure_of_it().has_value());
  BOOST_TEST((told.delays == std::vector<std::chrono::milliseconds>(3, 1ms)));
}

BOOST_AUTO_TEST_CASE(exponential_delay_waits_longer_each_time) {
  const std::string name = "restart-strategy.exponential-delay.";
  options.settings = {{"restart-strategy.type", "exponential-delay"},
                      {name + "initial-backoff", "1ms"},
                      {name + "max-backoff", "5ms"},
                      {name + "backoff-multiplier", "2"},
                      {name + "jitter-factor", "0"},
                      {name + "attempts-before-reset-backoff", "4"}};
  always_failing = true;
  BOOST_TEST(failure_of_it().has_value());
  BOOST_TEST((told.delays == std::vector<std::chrono::milliseconds>{1ms, 2ms, 4ms, 5ms}));
}

BOOST_AUTO_TEST_CASE(a_job_with_checkpoints_restarts_unless_it_is_told_not_to) {
  options.settings.erase("restart-strategy.fixed-delay.attempts");
  std::stop_source stop;
  options.cancel = stop.get_token();
  told.on_restarting = [&] { stop.request_stop(); };
  failing = true;
  BOOST_TEST(run_it().cancelled);
  BOOST_TEST_REQUIRE(told.delays.size() == 1U);
  BOOST_TEST((told.delays[0] >= 1s && told.delays[0] <= 1100ms));

  options.cancel = {};
  options.settings["restart-strategy.type"] = "none";
  fs::remove_all(job_of_it.output);
  failing = true;
  BOOST_TEST(failure_of_it().has_value());
  BOOST_TEST(told.delays.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_code_of_a_job_may_say_all_of_it) {
  const auto finished = run(
      [&](job& job) {
        job.checkpoints().every(10ms).keep(2).tolerable_failures(5).retain(on_failure);
        job.source("numbers", generate(5000, [](std::uint64_t index,
                                                random_stream&) { return index; })
                                  .records_per_second(2'000))
            .sink("nowhere", discard());
      },
      {.settings = {{"execution.checkpointing.dir", place.path() / "checkpoints"}}});
  BOOST_TEST(finished.checkpoints.size() > 2U);
  BOOST_TEST((finished.checkpoints_deleted > 0U && finished.checkpoints_deleted <= 2U));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_recovery
