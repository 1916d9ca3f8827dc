// How many checkpoints may fail in a row before that is the failure of the job: pure.
// What counts and what does not is Flink's.
#pragma once

#include "serialization/strong_id.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace weir {

/// Why a checkpoint came to nothing.
enum class checkpoint_failure : std::uint8_t {
  // These count.
  io,       // the coordinator could not write
  async,    // a task's snapshot could not be written
  declined, // a task could not take its snapshot
  expired,  // it took too long
  finalize, // its `_metadata` could not be written
  // These do not: nothing is wrong with the storage, or the attempt fails anyway.
  scheduler_shutdown,
  too_many_requests,
  min_pause,
  not_all_tasks_running,
  subsumed, // a newer one has completed
  coordinator_suspended,
  coordinator_shutdown,
  channel_state_shared,
  job_failover,
  declined_not_ready,
  declined_closing,
  declined_on_cancellation,
  declined_subsumed,
  declined_input_ended,
  task_failed,
  task_snapshot_failed, // with the task
  notification_failed,
  trigger_failed,
  blocking_output
};

constexpr bool counts(checkpoint_failure reason) noexcept {
  return reason <= checkpoint_failure::finalize;
}

class checkpoint_failures {
public:
  /// `tolerable`: so many in a row are.
  explicit checkpoint_failures(std::uint32_t tolerable) : tolerable_(tolerable) {}

  enum class verdict {
    ignored,   // it does not count, or has been counted
    tolerated, // one more
    exceeded   // too many: fail the attempt; counting begins anew
  };

  verdict failed(checkpoint_id id, checkpoint_failure reason);
  void succeeded(checkpoint_id id);

  std::uint32_t in_a_row() const noexcept { return in_a_row_; }
  std::uint32_t tolerable() const noexcept { return tolerable_; }

private:
  std::uint32_t tolerable_;
  std::uint32_t in_a_row_ = 0;
  checkpoint_id succeeded_{};       // the newest
  std::set<checkpoint_id> counted_; // newer ones that have failed
};

/// Why the attempt fails, in one line; `reason` is that of the last one.
std::string too_many_failures(checkpoint_id last, std::uint32_t tolerable,
                              const std::string& reason);

} // namespace weir
