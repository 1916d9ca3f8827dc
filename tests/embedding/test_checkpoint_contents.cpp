// What options say about the contents of checkpoints: what stands in their metadata, and
// which records are left out.
#include "runtime/embed.hpp"
#include "state/locate_checkpoint.hpp"
#include "tests/embedding/counted_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace weir::testing::test_checkpoint_contents {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// Cancels the run at a checkpoint that `wanted` accepts.
struct until_checkpoint : job_observer {
  std::function<bool(const completed_checkpoint&)> wanted;
  std::stop_source stop;
  std::vector<std::string> warnings;

  void completed(const completed_checkpoint& taken) override {
    if (wanted(taken))
      stop.request_stop();
  }
  void warned(const std::string& of) override { warnings.push_back(of); }
};

struct contents_fixture {
  temporary_directory place{fast_directory()}; // no disk makes a job wait
  until_checkpoint told;
  counted_numbers job_of_it{.output = place.path() / "output",
                            .per_second = 1'000}; // no end before it is told to
  std::atomic<std::chrono::microseconds> each_takes = 0us;
  run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "20ms"},
                   {"execution.checkpointing.dir", place.path() / "checkpoints"},
                   {"execution.checkpointing.externalized-checkpoint-retention",
                    "RETAIN_ON_CANCELLATION"}},
      .observer = &told,
  };

  void run_it() {
    options.cancel = told.stop.get_token();
    const job_report report = run(
        [this](job& job) {
          job_of_it.counts(job)
              .rebalance()
              .map([this](const counted<std::uint64_t>& each) {
                const auto begun = std::chrono::steady_clock::now();
                while (std::chrono::steady_clock::now() < begun + each_takes.load())
                  continue;
                return each;
              })
              .sink("lines", write_lines(job_of_it.output));
        },
        options);
    BOOST_TEST(report.cancelled == !options.restore_from.has_value());
    options.restore_from = report.resume_from;
    told.stop = std::stop_source();
    told.wanted = [](const auto&) { return false; };
    each_takes = 0us;
    job_of_it.per_second = 0;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(checkpoint_contents, contents_fixture)

BOOST_AUTO_TEST_CASE(small_files_stand_in_the_metadata_if_they_are_to) {
  for (const char* const backend : {"rocksdb", "filesystem"}) {
    contents_fixture at;
    at.options.settings["state.backend.type"] = backend;
    at.options.settings["execution.checkpointing.data-inline-threshold"] = "1 mb";
    at.told.wanted = [](const auto& taken) { return taken.id.value >= 2; };
    at.run_it();
    const fs::path taken = at.options.restore_from.value();
    BOOST_TEST((files_in(taken) == std::vector{taken / "_metadata"}));
    const auto found = locate_checkpoint(taken);
    for (const auto& op : found.metadata.operators)
      for (const auto& subtask : op.subtasks) {
        BOOST_TEST((!subtask.keyed || subtask.keyed->file.content));
        BOOST_TEST((!subtask.operator_state || subtask.operator_state->content));
      }
    at.options.parallelism = 3;
    at.run_it();
    BOOST_TEST((at.job_of_it.lines() == at.job_of_it.all_lines()));
  }
}

BOOST_AUTO_TEST_CASE(records_in_flight_may_be_left_out_and_nothing_else_is) {
  options.settings["execution.checkpointing.unaligned.enabled"] = "true";
  job_of_it.per_second = 5'000;
  each_takes = 800us; // twice as long as there is time
  std::uint64_t id = 0;
  told.wanted = [&](const completed_checkpoint& taken) {
    id = taken.id.value;
    return taken.in_flight_bytes > 0;
  };
  run_it();
  const fs::path taken = options.restore_from.value();
  for (const fs::path& file : files_in(taken))
    if (file.extension() == ".inflight")
      fs::remove(file); // it may be what is damaged

  options.settings["execution.state-recovery.without-channel-state.checkpoint-id"] =
      std::to_string(id);
  run_it();
  BOOST_TEST_REQUIRE(!told.warnings.empty());
  BOOST_TEST(told.warnings.back().find("in flight in chk-" + std::to_string(id) +
                                       " are left out") != std::string::npos);
  const auto written = job_of_it.lines(), all = job_of_it.all_lines();
  BOOST_TEST(written.size() < all.size());
  BOOST_TEST(std::ranges::includes(all, written)); // each once
  // What stood before the counts is lost to them, what stood behind them is not.
  for (std::uint64_t key = 0; key < counted_numbers::keys; ++key)
    BOOST_TEST(std::ranges::any_of(written, [&](const std::string& line) {
      return line.starts_with(std::to_string(key) + ",");
    }));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_checkpoint_contents
