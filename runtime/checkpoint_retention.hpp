// What becomes of a job's checkpoints when it is over: Flink's table. Called once, by
// whoever ran the job, when no actor is left.
#pragma once

#include "runtime/job_setup.hpp"

#include <set>

namespace weir {

enum class job_end : std::uint8_t { finished, cancelled, failed };

constexpr bool keeps(checkpoint_retention policy, job_end how) noexcept {
  switch (policy) {
  case checkpoint_retention::never:
    return false;
  case checkpoint_retention::on_failure:
    return how == job_end::failed;
  case checkpoint_retention::on_cancellation:
    break;
  }
  return how != job_end::finished;
}

/// Keeps or removes the complete checkpoints of the directory, if there is one, and says
/// so in the report. Those in `before` were there when the job began: they are not its
/// own, and one of them may be what it was restored from; unless it claimed them and has
/// come to an end that somebody wanted. A file that cannot be removed stays.
void retain_checkpoints(const job_setup& setup, const std::set<checkpoint_id>& before,
                        job_result& result);

/// What a directory holds before a job begins.
std::set<checkpoint_id> checkpoints_before(const checkpoint_directory* directory);

} // namespace weir
