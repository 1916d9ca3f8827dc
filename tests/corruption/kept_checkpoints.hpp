// Checkpoints of a simulated job, copied while it ran, and their files in one row: what
// the matrix of damages is tried on.
#pragma once

#include "runtime/caf/simulation.hpp"
#include "state/checkpoint_names.hpp"
#include "state/locate_checkpoint.hpp"
#include "tests/support/counting_job.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace weir::testing {

/// How the job is run whose checkpoints these are.
struct checkpointed_run {
  const char* name = "";
  backend_kind backend = backend_kind::rocksdb;
  bool unaligned = false;
  std::uint64_t inline_max = 0;
  bool savepoint = false; // is what is damaged
};

/// Each in a job directory of its own, so that nothing else is looked at when one of them
/// is refused; a savepoint has no older one.
class kept_checkpoints {
public:
  explicit kept_checkpoints(const checkpointed_run& how) : how_(how) {
    namespace fs = std::filesystem;
    const temporary_directory scratch(fast_directory());
    counting_job counting;
    counting.records = 12'000;
    counting.brief_records = 500;
    counting.keys = 300;
    counting.records_per_second = 200'000;
    run_config config;
    config.parallelism = 2;
    config.checkpoint_interval = std::chrono::milliseconds(5);
    config.checkpoint_dir = scratch.path();
    config.state_backend = how.backend;
    config.unaligned = how.unaligned;
    config.inline_bytes_max = how.inline_max;
    simulation_options options;
    options.completed = [&](const completed_checkpoint& taken) { keep(taken); };
    const auto take = [&](const savepoint_result& taken) { keep_savepoint(taken); };
    if (how.savepoint)
      options.orders[100] = std::make_shared<savepoint_order>(
          savepoint_order{scratch.path() / "savepoints", after_savepoint::go_on, take});
    job job;
    const auto written = counting.build(job);
    const simulation_report report = simulate(job, config, options);
    BOOST_TEST_REQUIRE(report.problem.value_or("") == "");
    BOOST_TEST_REQUIRE(is_complete(), how.name << ": the job left nothing to damage");
  }

  const std::filesystem::path& newer() const { return newer_; }
  const std::filesystem::path& older() const { return older_; }

  /// All files that the newer one refers to, `_metadata` first.
  std::vector<std::filesystem::path> files() const {
    const located_checkpoint found = locate_checkpoint(newer_);
    std::vector<std::filesystem::path> all{newer_ / "_metadata"};
    for_each_file(found.metadata, [&](bool shared, const file_handle& file) {
      all.push_back((shared ? found.shared : found.data) / file.name);
    });
    return all;
  }

private:
  bool is_complete() const {
    return !newer_.empty() && (how_.savepoint || !older_.empty());
  }

  /// The first two that are what is asked for.
  void keep(const completed_checkpoint& taken) {
    const bool wanted = how_.unaligned ? taken.in_flight_bytes > 0 : taken.id.value > 2;
    if (how_.savepoint || is_complete() || !wanted)
      return;
    const auto into = place_.path() / (newer_.empty() ? "before" : "job");
    std::filesystem::create_directories(into / "shared");
    const auto name = taken.directory.filename();
    copy_all(taken.directory, into / name);
    copy_all(taken.directory.parent_path() / "shared", into / "shared");
    older_ = std::exchange(newer_, into / name);
  }

  void keep_savepoint(const savepoint_result& taken) {
    if (taken.problem) {
      BOOST_ERROR(taken.problem->what());
      return;
    }
    newer_ = place_.path() / taken.directory.filename();
    copy_all(taken.directory, newer_);
  }

  static void copy_all(const std::filesystem::path& from,
                       const std::filesystem::path& to) {
    if (std::filesystem::exists(from))
      std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  checkpointed_run how_;
  temporary_directory place_{fast_directory()};
  std::filesystem::path older_;
  std::filesystem::path newer_;
};

} // namespace weir::testing
