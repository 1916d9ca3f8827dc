// What can be seen of a running job. The coordinator calls the observer, from one thread
// at a time; a call must not block.
#pragma once

#include "runtime/job_figures.hpp"
#include "runtime/pause_histogram.hpp"
#include "serialization/strong_id.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weir {

struct completed_checkpoint {
  checkpoint_id id;
  std::filesystem::path directory;
  std::chrono::nanoseconds duration{}; // from the trigger to durable
  std::uint64_t files_bytes = 0;       // of every file it refers to
  std::uint64_t in_flight_bytes = 0;   // of these: records that barriers had overtaken
};

/// Thread CPU time that a task spent deaf to its mailbox.
struct task_pauses {
  pause_histogram barriers; // snapshot and seal
  pause_histogram slices;   // one turn of work
  pause_histogram gaps;     // on the same thread, between two turns with work left
};

struct job_report {
  std::string job_id;
  bool cancelled = false;
  std::string failure; // why, if it failed; neither: it finished
  std::chrono::nanoseconds duration{};
  job_figures figures;
  std::vector<completed_checkpoint> checkpoints;
  std::uint32_t checkpoints_failed = 0;
  /// Where its checkpoints lie that were left at its end, also by a run before that it
  /// went on from, and what became of its own; empty: there were none.
  std::filesystem::path checkpoint_directory;
  std::size_t checkpoints_kept = 0;
  std::size_t checkpoints_deleted = 0;
  /// The one that it was stopped with.
  std::optional<std::filesystem::path> savepoint;
  /// If it has not finished: its newest checkpoint that was kept, or what -s named. The
  /// savepoint that it was stopped with, unless it was drained.
  std::optional<std::filesystem::path> resume_from;
  std::uint32_t attempts = 0;
  task_pauses
      pauses; // of tasks with an input, in the last attempt, if they were measured

  std::uint32_t restarts() const noexcept { return attempts > 0 ? attempts - 1 : 0; }
};

class job_observer {
public:
  virtual ~job_observer() = default;

  /// The directory is that of its checkpoints; empty if none are taken.
  virtual void started(const std::string& /*job_id*/,
                       const std::filesystem::path& /*job_directory*/) {}
  /// After started: the checkpoint, a chk-N directory, that the job begins with, and
  /// whether it is the job's to remove.
  virtual void restoring(const std::filesystem::path& /*checkpoint*/, bool /*claimed*/) {}
  /// Right after started. `look` says how the job stands, from any thread and at any
  /// time, and costs the job nothing.
  virtual void watchable(const std::function<job_figures()>& /*look*/) {}
  virtual void restored(checkpoint_id, attempt_id) {}
  virtual void completed(const completed_checkpoint&) {}
  /// A savepoint is complete; nobody but the user removes it.
  virtual void saved(const completed_checkpoint&) {}
  virtual void restarting(const std::string& /*cause*/, attempt_id /*next*/,
                          std::chrono::milliseconds /*delay*/) {}
  /// What whoever runs the job should know, in one line.
  virtual void warned(const std::string& /*of*/) {}
  /// The attempt cannot end, because tasks do not: their thread is in code that does not
  /// return. The job waits on; whoever cannot wait ends the process, and resumes from the
  /// newest checkpoint.
  virtual void stuck(const std::string& /*who*/) {}
  /// The job is over, however it ended; nothing comes after this.
  virtual void ended(const job_report&) {}
};

} // namespace weir
