// What can be seen of a running job. The coordinator calls the observer, from one thread
// at a time; a call must not block.
#pragma once

#include "runtime/pause_histogram.hpp"
#include "serialization/strong_id.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace weir {

struct completed_checkpoint {
  checkpoint_id id;
  std::filesystem::path directory;
  std::chrono::nanoseconds duration{}; // from the trigger to durable
  std::uint64_t files_bytes = 0;       // of every file it refers to
};

/// Thread CPU time that a task spent deaf to its mailbox.
struct task_pauses {
  pause_histogram barriers; // snapshot and seal
  pause_histogram slices;   // one turn of work
  pause_histogram gaps;     // on the same thread, between two turns with work left
};

struct job_report {
  std::string job_id;
  bool cancelled = false; // else it finished
  std::chrono::nanoseconds duration{};
  std::uint64_t records_exchanged = 0; // read by chains with an input
  std::vector<completed_checkpoint> checkpoints;
  std::uint32_t attempts = 0;
  task_pauses pauses; // of the tasks with an input, over the last attempt
};

class job_observer {
public:
  virtual ~job_observer() = default;

  /// The directory is that of its checkpoints; empty if none are taken.
  virtual void started(const std::string& /*job_id*/,
                       const std::filesystem::path& /*job_directory*/) {}
  virtual void restored(checkpoint_id, attempt_id) {}
  virtual void completed(const completed_checkpoint&) {}
  virtual void restarting(const std::string& /*cause*/, attempt_id /*next*/,
                          std::chrono::milliseconds /*delay*/) {}
  /// What whoever runs the job should know, in one line.
  virtual void warned(const std::string& /*of*/) {}
};

} // namespace weir
