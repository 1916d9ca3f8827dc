// One round of the crash harness: a job with an oracle, killed and resumed until it has
// finished by itself.
#pragma once

#include "operators/random.hpp"
#include "tests/crash/crash_scene.hpp"
#include "tests/crash/job_orders.hpp"
#include "tests/crash/lineage.hpp"
#include "tests/crash/lossy_disk.hpp"
#include "tests/crash/oracle.hpp"
#include "tests/crash/published_output.hpp"
#include "tests/support/process.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace weir::testing {

struct crash_programs {
  std::filesystem::path weir;
  std::filesystem::path job;
  std::filesystem::path evolved_job = {};
};

/// What was hit, so that one can tell whether the interesting moments were.
struct crash_tally {
  std::uint64_t kills = 0;
  std::uint64_t rounds = 0;
  std::uint64_t afresh = 0;     // with no checkpoint to resume from
  std::uint64_t in_restore = 0; // before the resumed job had restored
  std::uint64_t unfinished = 0; // with a checkpoint under way
  std::uint64_t older = 0;      // resumed from the checkpoint before the newest
  std::uint64_t rescaled = 0;   // resumed at another parallelism
  std::uint64_t published = 0;  // files that were seen whole
  std::uint64_t points = 0;     // named ones that were hit, each as often as it was
  std::uint64_t cuts = 0;       // of power, each with a kill
  findings found;
};

/// Something that must never happen, whatever the output is.
class violation : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

class crash_round {
public:
  crash_round(crash_programs programs, std::filesystem::path directory,
              random_stream random);
  crash_round(crash_programs programs, std::filesystem::path directory,
              random_stream random, const crash_scene& scene);
  /// The same on a disk whose power is cut before each kill.
  crash_round(crash_programs programs, lossy_disk& disk, random_stream random);

  /// Kills at most `kills_max` times, lets the job finish and judges its output. Throws
  /// violation, or weir::error for a complete checkpoint that is unsound.
  void run(std::uint64_t kills_max, crash_tally& tally);
  /// Has it die at each of the points, one life after the other; the same then. Returns
  /// what was not come to.
  std::vector<crash_order> run_points(const std::vector<crash_order>& orders,
                                      crash_tally& tally);

private:
  enum class moment { any, early, restored, checkpointed, never };
  struct life {
    bool finished = false;
    bool stopped = false; // with a savepoint, before its end
    bool restored = false;
    bool missed = false; // it was to die by itself, and did not
    std::uint64_t checkpoints = 0;
    std::uint64_t newest = 0; // of them
  };

  std::vector<std::string> command() const;
  /// Whether this life is what its scene is about.
  bool plays_scene() const { return !doom_.empty() && !prepares_; }
  life live(moment when);
  bool is_trigger(moment when) const;
  void kill(child_process& job);
  void check_announced(const life& killed) const;
  void check_line(const std::string& line, life& seen);
  void checkpoint_completed(std::uint64_t id, life& seen) const;
  std::uint64_t drawn(std::uint64_t bound) { return random_.below(bound); }
  child_process::clock::time_point in(std::uint64_t microseconds) const;
  moment draw_moment();
  void draw_barriers();
  void prepare_next(crash_tally& tally, const life& killed);
  void look_at_output();
  void end_round(crash_tally& tally);
  bool as_it_should_end(const process_end& end, bool killed) const;
  void choose_parallelism(crash_tally& tally);
  std::string circumstances() const;

  crash_programs programs_;
  std::filesystem::path directory_;
  random_stream random_;
  crash_input input_;
  std::uint64_t records_per_second_ = 0;
  bool transactional_ = false; // the sinks are
  bool rescales_ = false;      // another parallelism now and then
  bool data_apart_ = false;
  lossy_disk* disk_ = nullptr; // null: one that keeps what a process has written
  crash_scene scene_;
  std::string doom_; // WEIR_CRASH_AT of this life; empty: it dies of something else
  std::uint64_t retained_ = 0; // checkpoints; 0: as many as usual
  std::uint32_t parallelism_ = 1;
  std::vector<std::string> barriers_; // options about them, of this life
  std::uint64_t hurry_ms_ = 0;
  bool prepares_ = false; // this life is to leave something for the next one
  published_output published_;
  bool taken_back_ = false; // some of it is to be
  lineage lineage_;
  std::vector<std::string> log_; // of the current life
};

} // namespace weir::testing
