#include "runtime/checkpoint_retention.hpp"

#include "serialization/crash_point.hpp"
#include "state/checkpoint_names.hpp"

#include <algorithm>

namespace weir {

namespace {

job_end end_of(const job_result& result) {
  return result.failed             ? job_end::failed
         : result.report.cancelled ? job_end::cancelled
                                   : job_end::finished;
}

/// Whether it goes on where an earlier run of it has stopped, in the same directory.
bool goes_on_there(const job_setup& setup) {
  return setup.directory && setup.initial && setup.config.claim == claim_mode::claim &&
         setup.initial->directory.parent_path() == setup.directory->path();
}

/// Complete ones, ascending; none where it cannot be told, so that none is removed.
std::vector<checkpoint_id> own_checkpoints(const checkpoint_directory& directory,
                                           const std::set<checkpoint_id>& before) {
  std::vector<checkpoint_id> own =
      directory.try_list().value_or(std::vector<checkpoint_id>());
  std::erase_if(own, [&](checkpoint_id id) { return before.contains(id); });
  return own;
}

} // namespace

std::set<checkpoint_id> checkpoints_before(const checkpoint_directory* directory) {
  if (!directory)
    return {};
  const auto listed = directory->list();
  return {listed.begin(), listed.end()};
}

void retain_checkpoints(const job_setup& setup, const std::set<checkpoint_id>& found,
                        job_result& result) {
  const job_end how = end_of(result);
  const bool goes_on = goes_on_there(setup);
  const auto before =
      goes_on && how != job_end::failed ? std::set<checkpoint_id>() : found;
  job_report& report = result.report;
  if (result.stopped_by && result.stopped_by->then == after_savepoint::stop)
    report.resume_from = report.savepoint;
  if (setup.initial && how != job_end::finished)
    report.resume_from = setup.initial->directory;
  if (!setup.directory)
    return;
  if (goes_on)
    report.checkpoint_directory = setup.directory->path();
  const auto own = own_checkpoints(*setup.directory, before);
  if (own.empty())
    return;
  crash_point("retention.begun");
  if (!keeps(setup.config.retention, how))
    setup.directory->keep_only(before);
  crash_point("retention.removed");
  const auto kept = own_checkpoints(*setup.directory, before);
  report.checkpoint_directory = setup.directory->path();
  report.checkpoints_kept = kept.size();
  report.checkpoints_deleted = own.size() - kept.size();
  if (how == job_end::finished)
    return;
  if (!kept.empty())
    report.resume_from = setup.directory->checkpoint_path(kept.back());
  else if (report.resume_from && !is_complete(*report.resume_from))
    report.resume_from.reset(); // it was the one that the job began with
}

} // namespace weir
