#include "tests/faults/power_cuts.hpp"

#include "operators/weir.hpp"
#include "runtime/caf/simulation.hpp"
#include "serialization/error.hpp"
#include "state/checkpoint_directory.hpp"
#include "state/storage/local_files.hpp"
#include "tests/faults/volatile_disk.hpp"
#include "tests/support/files.hpp"
#include "tests/support/numbered_job.hpp"

#include <algorithm>
#include <cstdlib>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t cuts_max = 14;

/// It is looked at what would be left after so many operations.
std::uint64_t looks_every() {
  const char* given = std::getenv("WEIR_LOOK_EVERY");
  return given ? std::strtoull(given, nullptr, 10) : 3;
}

/// A watched run, and runs from what its power cuts leave.
class power_cut_run {
public:
  explicit power_cut_run(std::uint64_t seed)
      : seed_(seed), draw_(seed, 7), numbered_{400 + draw_.below(400)},
        watched_(scratch_.path() / "watched") {
    config_.parallelism = 1 + static_cast<std::uint32_t>(draw_.below(2));
    config_.checkpoint_interval = std::chrono::milliseconds(1 + draw_.below(3));
    config_.checkpoints_retained = 1 + static_cast<std::uint32_t>(draw_.below(2));
    config_.unaligned = draw_.below(2) == 0;
    config_.state_backend = std::array{backend_kind::rocksdb, backend_kind::filesystem,
                                       backend_kind::memory}[seed % 3];
    apart_ = seed % 2 == 0 && config_.state_backend != backend_kind::memory;
    config_.restart_attempts = 100;
    config_.restart_delay = std::chrono::milliseconds(1);
    if (config_.unaligned)
      config_.checkpoints_concurrent = 1;
  }

  power_cut_tally run() {
    fs::create_directories(watched_);
    volatile_disk::instance().watch(watched_, [this] { changed(); });
    for (const char* each : {"checkpoints", "data", "output"})
      fs::create_directory(watched_ / each);
    sync(watched_);
    const std::string wrong = simulated(watched_, {}, seed_);
    volatile_disk::instance().forget();
    note(wrong);
    for (std::uint64_t cut = 0; cut < tally_.cuts && tally_.wrong.empty(); ++cut)
      go_on(scratch_.path() / std::to_string(cut));
    return tally_;
  }

private:
  void note(const std::string& wrong) {
    if (tally_.wrong.empty() && !wrong.empty())
      tally_.wrong = "seed " + std::to_string(seed_) + ", after operation " +
                     std::to_string(tally_.operations) + ": " + wrong;
  }

  /// The directories that were there before the job are no matter of this test.
  static void sync(const fs::path& directory) {
    fsync_directory(directory);
    for (const auto& each : fs::directory_iterator(directory))
      sync(each.path());
  }

  std::string simulated(const fs::path& place, const std::optional<fs::path>& from,
                        std::uint64_t seed) {
    job job;
    numbered_.build(job, place / "output");
    run_config config = config_;
    config.checkpoint_dir = place / "checkpoints";
    if (apart_)
      config.data_dir = config.recovery_data_dir = place / "data";
    simulation_options options;
    options.seed = seed;
    options.deaths_max = from ? 0 : 1;
    options.restore_from = from;
    options.slice_blocks_max = 2;
    if (place == watched_)
      options.completed = [this](const completed_checkpoint& each) {
        ++tally_.checkpoints;
        announced_ = each;
      };
    const simulation_report report = simulate(job, config, options);
    return report.problem ? *report.problem : numbered_.wrong_with(place / "output");
  }

  void changed() {
    ++tally_.operations;
    if (!tally_.wrong.empty())
      return;
    if (announced_ && tally_.operations % looks_every() == 0 && !is_over())
      look_at_announced();
    if (tally_.cuts < cuts_max && draw_.below(40) == 0) {
      const auto of = static_cast<leftover>(draw_.below(5));
      volatile_disk::instance().leave(of, draw_.next(),
                                      scratch_.path() / std::to_string(tally_.cuts++));
    }
  }

  /// Then its checkpoints are removed, and their directory.
  bool is_over() const {
    const fs::path job = announced_->directory.parent_path();
    return (!fs::exists(job) || checkpoints_in(job).empty()) &&
           numbered_.wrong_with(watched_ / "output").empty();
  }

  /// The newest one of which anybody has heard is there, or a newer one.
  void look_at_announced() {
    ++tally_.looks;
    const auto of = static_cast<leftover>(draw_.below(4));
    const temporary_directory left(scratch_.path());
    volatile_disk::instance().leave(of, draw_.next(), left.path());
    try {
      const auto newest = locate_checkpoint(
          left.path() / announced_->directory.parent_path().lexically_relative(watched_),
          left.path() / "data");
      verify_checkpoint(newest);
      if (newest.metadata.id < announced_->id)
        note("an announced checkpoint is lost, and only an older one is there");
    } catch (const error& lost) {
      note("an announced checkpoint is lost: " + std::string(lost.what()));
    }
  }

  /// As whoever has the power back does: from the newest complete checkpoint, or afresh.
  void go_on(const fs::path& place) {
    const auto before = published_in(place / "output");
    std::optional<fs::path> newest;
    for (const auto& job : fs::directory_iterator(place / "checkpoints"))
      if (const auto complete = checkpoints_in(job.path()); !complete.empty())
        newest = complete.back();
    if (!newest && numbered_.wrong_with(place / "output").empty())
      return; // it has come to its end before
    if (!newest && !before.empty())
      return note("output was published and no checkpoint is there");
    if (!newest)
      fs::remove_all(place / "output");
    tally_.resumed += newest.has_value();
    try {
      note(simulated(place, newest, seed_ + 1000));
    } catch (const error& refused) {
      note(refused.what());
    }
    const auto after = published_in(place / "output");
    for (const auto& [file, content] : before)
      if (const auto still = after.find(file);
          still == after.end() || still->second != content)
        note("'" + file.filename().string() + "' was published and has changed");
  }

  std::uint64_t seed_;
  bool apart_ = false; // files lie apart from the metadata
  random_stream draw_;
  numbered_job numbered_;
  temporary_directory scratch_{fast_directory()};
  fs::path watched_;
  run_config config_;
  std::optional<completed_checkpoint> announced_;
  power_cut_tally tally_;
};

} // namespace

power_cut_tally cut_power(std::uint64_t seed) {
  return power_cut_run(seed).run();
}

} // namespace weir::testing
