// A simulated job one of whose file calls fails, and what came of it: nobody loses a
// record, nothing that was announced is damaged, nothing stays that nobody removes, and
// whoever has to do something is told in a line.
#pragma once

#include "runtime/caf/simulation.hpp"
#include "tests/failing_calls/failing_disk.hpp"
#include "tests/support/files.hpp"
#include "tests/support/numbered_job.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::testing {

/// How the job is run whose calls fail.
struct disturbance {
  const char* name = "";
  backend_kind backend = backend_kind::rocksdb;
  bool apart = false; // its files lie apart from the metadata
  bool unaligned = false;
  std::uint32_t tolerable = 0; // checkpoints that may fail, in a row
  bool restores = false;       // it begins with a checkpoint, as another parallelism
  bool links = true;           // the disk can give a file a second name
  std::optional<after_savepoint> savepoint = {};
};

/// How often it came to what.
struct disturbed_tally {
  disturbed_tally& operator+=(const disturbed_tally& other);

  std::uint64_t calls = 0;       // of a run in which none fails
  std::uint64_t failures = 0;    // of calls
  std::uint64_t unnoticed = 0;   // the job went on as if there were none
  std::uint64_t checkpoints = 0; // came to nothing, and the job went on
  std::uint64_t restarts = 0;    // the job began again by itself
  std::uint64_t ends = 0;        // the job ended, and was resumed
};

class disturbed_job {
public:
  explicit disturbed_job(const disturbance& how);

  /// The calls of a run in which none fails.
  const std::vector<file_call>& calls() const { return calls_; }
  /// One run with the failure; what is wrong, empty: nothing.
  std::string run(std::uint64_t number, call_failure failure);
  const disturbed_tally& tally() const { return tally_; }

private:
  struct life;

  void prepare();
  void begin_in(const std::filesystem::path& place) const;
  void simulate_in(life& of, bool disturbed) const;
  static void look_for_doubt(life& of);
  std::string wrong_with(life& of);
  std::string resumed(life& of) const;
  std::string wrong_with_words(const life& of) const;
  std::string wrong_with_savepoint(life& of) const;
  std::string left_over(const life& of) const;
  static std::filesystem::path job_directory(const std::filesystem::path& place);
  run_config config_in(const std::filesystem::path& place) const;

  disturbance how_;
  numbered_job numbered_{240};
  temporary_directory prepared_{fast_directory()};
  std::optional<std::filesystem::path> begins_with_; // below the place
  std::vector<file_call> calls_;
  disturbed_tally tally_;
};

} // namespace weir::testing
