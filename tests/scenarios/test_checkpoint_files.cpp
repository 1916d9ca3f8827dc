// What lies in the directory of a job whose checkpoints come and go, or come to nothing.
#include "state/locate_checkpoint.hpp"
#include "tests/scenarios/scenario.hpp"
#include "tests/scenarios/staged_numbers.hpp"

#include <set>

namespace weir::testing::test_checkpoint_files {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t keys = 500;
constexpr std::uint64_t of_stage = 1'000;

/// Counts by key; every stage has its checkpoint.
struct counting_scenario : scenario {
  begun_stages begun = first_stage();
  std::uint32_t stages;
  std::atomic<bool> failing = false; // once
  std::shared_ptr<collected<std::uint64_t>> out =
      std::make_shared<collected<std::uint64_t>>();
  std::stop_source stop;

  explicit counting_scenario(std::uint32_t in_stages) : stages(in_stages) {
    set({{"execution.checkpointing.externalized-checkpoint-retention",
          "RETAIN_ON_CANCELLATION"}});
    options.cancel = stop.get_token();
  }

  job_report run_it() {
    return run(
        [this](job& job) {
          job.source("numbers",
                     staged_numbers(begun,
                                    [this](std::uint32_t) {
                                      return std::vector<std::uint64_t>(stages, of_stage);
                                    }))
              .map([this](const staged_number& number) {
                if (failing.exchange(false))
                  throw std::runtime_error("this failure was asked for");
                return number.n;
              })
              .key_by([](std::uint64_t number) { return number % keys; })
              .count("counts")
              .map([](const counted<std::uint64_t>& each) { return each.count; })
              .sink("out", collect(out));
        },
        options);
  }

  fs::path job_directory() const { return told.taken.back().directory.parent_path(); }

  /// Each key was counted as often as it came.
  void check_output() const {
    std::map<std::uint64_t, std::uint64_t> times; // a count was reached
    for (const std::uint64_t count : out->all())
      ++times[count];
    const std::uint64_t counts = options.parallelism * stages * of_stage / keys;
    BOOST_TEST(times.size() == counts);
    for (const auto& [count, keys_there] : times)
      BOOST_TEST(keys_there == keys);
  }
};

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& each : fs::directory_iterator(directory))
    names.insert(each.path().filename());
  return names;
}

/// All complete checkpoints are whole, there are no others, and no file too many.
void check_directory(const fs::path& job, std::size_t checkpoints) {
  std::set<std::string> expected{"shared"}, shared;
  const auto complete = checkpoints_in(job);
  BOOST_TEST(complete.size() == checkpoints);
  for (const fs::path& each : complete) {
    const located_checkpoint found = locate_checkpoint(each);
    BOOST_CHECK_NO_THROW(verify_checkpoint(found));
    expected.insert(each.filename());
    for (const auto& op : found.metadata.operators)
      for (const auto& subtask : op.subtasks)
        if (subtask.keyed)
          for (const auto& file : subtask.keyed->shared)
            shared.insert(file.name);
  }
  if (shared.empty()) // the backend has none
    expected.erase("shared");
  else
    BOOST_TEST((names_in(job / "shared") == shared));
  BOOST_TEST((names_in(job) == expected));
}

std::size_t open_descriptors() {
  return names_in("/proc/self/fd").size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(files_of_checkpoints)

BOOST_AUTO_TEST_CASE(
    so_many_are_kept_each_of_them_can_be_restored_and_nothing_else_is_left) {
  counting_scenario at(52);
  at.set({{"execution.checkpointing.num-retained", "4"}});
  at.told.on_completed = [&] {
    if (at.told.taken.size() == 50)
      at.stop.request_stop();
    else
      ++*at.begun;
  };
  at.run_it();
  check_directory(at.job_directory(), 4);
  // From the newest to the oldest: what is in memory can only be cut back.
  auto kept = checkpoints_in(at.job_directory());
  *at.begun = at.stages;
  at.told.on_completed = {};
  at.options.cancel = {};
  for (; !kept.empty(); kept.pop_back()) {
    at.options.restore_from = kept.back();
    at.run_it();
    at.check_output();
  }
}

BOOST_AUTO_TEST_CASE(
    what_a_failed_checkpoint_had_uploaded_takes_nothing_from_the_one_before) {
  for (const auto& [name, settings] : every_alignment())
    BOOST_TEST_CONTEXT(name) {
      counting_scenario at(8);
      at.set(settings);
      at.set({{"execution.checkpointing.num-retained", "1000"},
              {"execution.checkpointing.tolerable-failed-checkpoints", "1000"}});
      at.options.cancel = {};
      const auto shared = [&] { return at.job_directory() / "shared"; };
      at.told.on_completed = [&] {
        if (at.told.taken.size() == 3) // from now on no table can be linked
          fs::rename(shared(), shared().string() + ".away");
        ++*at.begun;
      };
      at.told.on_warned = [&] {
        if (!fs::exists(shared().string() + ".away"))
          return;
        fs::remove_all(shared());
        fs::rename(shared().string() + ".away", shared());
        for (const completed_checkpoint& each : at.told.taken)
          BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(each.directory)));
        at.failing = true;
        ++*at.begun;
      };
      const job_report report = at.run_it();
      BOOST_TEST(report.restarts() == 1U);
      BOOST_TEST(report.checkpoints_failed >= 1U);
      at.check_output();
    }
}

BOOST_AUTO_TEST_CASE(checkpoints_that_cannot_be_written_leave_nothing_behind) {
  for (const auto& [name, settings] : every_alignment())
    BOOST_TEST_CONTEXT(name) {
      const std::size_t before = open_descriptors();
      {
        counting_scenario at(8);
        at.set(settings);
        at.set({{"state.backend.type", "memory"},
                {"execution.checkpointing.num-retained", "2"},
                {"execution.checkpointing.tolerable-failed-checkpoints", "3"}});
        const fs::path root = at.place.path() / "checkpoints", away = root.string() + "-";
        at.told.on_completed = [&] {
          if (at.told.taken.size() == 2)
            fs::rename(root, away);
          else if (at.told.taken.size() == 5)
            at.stop.request_stop();
          ++*at.begun;
        };
        at.told.on_warned = [&] {
          if (at.told.warnings.size() == 3)
            fs::rename(away, root);
        };
        const job_report report = at.run_it();
        BOOST_TEST(report.restarts() == 0U);
        BOOST_TEST(report.checkpoints_failed == 3U);
        // Numbers only grow, also past those that came to nothing.
        BOOST_TEST(at.told.taken[2].id.value == 6U);
        check_directory(at.job_directory(), 2);
      }
      BOOST_TEST(open_descriptors() == before);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_checkpoint_files
