#include "runtime/starting_point.hpp"

#include "runtime/restore_plan.hpp"
#include "runtime/state_memory.hpp"
#include "runtime/unreplayable.hpp"
#include "serialization/error.hpp"
#include "state/checkpoint_directory.hpp"

#include <fmt/format.h>

#include <utility>

namespace weir {

namespace {

/// Why the run may not have its job directory, or the checkpoint that it claims.
std::optional<std::string> directory_problem(const run_request& request,
                                             const starting_point& from) {
  const run_config& config = from.config;
  const bool claims = config.claim == claim_mode::claim;
  if (!request.job_id.empty())
    if (auto taken = taken_by_others(config.checkpoint_dir, request.job_id,
                                     from.checkpoint ? &*from.checkpoint : nullptr,
                                     claims, from.backend.data_root))
      return taken;
  if (claims && from.checkpoint)
    return claim_problem(from.checkpoint->directory, config.recovery_data_dir);
  return std::nullopt;
}

} // namespace

starting_point find_starting_point(const job& job, const run_request& request) {
  starting_point from;
  from.config = with_settings(request.config, job.checkpoints().options());
  const run_config& config = from.config;
  check_config(config);
  if (!request.job_id.empty())
    check_job_id(request.job_id);
  job.graph().check();
  refuse_lossy_checkpoints(job.graph(), config);
  refuse_unseen_output(job.graph(), config);
  if (request.restore_from || !config.recover_from.empty())
    from.checkpoint = locate_checkpoint(
        request.restore_from.value_or(config.recover_from), config.recovery_data_dir);
  if (from.checkpoint && from.checkpoint->metadata.data_root.empty() &&
      !config.recovery_data_dir.empty())
    from.config.warnings.push_back(
        fmt::format("execution.state-recovery.data-dir does nothing: the files of {} lie "
                    "beside its _metadata",
                    name_of(from.checkpoint->metadata)));
  if (from.checkpoint && config.skip_unclaimed_state)
    from.skipped = skip_unclaimed(job.graph(), from.checkpoint->metadata);
  if (from.checkpoint && from.checkpoint->metadata.id == config.without_in_flight)
    for (const auto& skipped : std::exchange(from.checkpoint->metadata.in_flight, {}))
      from.in_flight_bytes_skipped += skipped.file.size;
  from.plan = plan_execution(job.graph(), config.parallelism, config.max_parallelism,
                             from.checkpoint ? &from.checkpoint->metadata : nullptr);
  from.backend = chosen_backend(config, job.graph().state_backend(),
                                keyed_subtasks(job.graph(), from.plan), machine_memory());
  return from;
}

void check_starting_point(const job& job, const run_request& request,
                          const starting_point& from) {
  if (const auto problem = directory_problem(request, from))
    throw error(failure::restore_refused, *problem);
  if (!from.checkpoint)
    return;
  plan_restore(job.graph(), from.plan, to_string(from.backend.kind),
               from.checkpoint->metadata);
  verify_checkpoint(*from.checkpoint);
}

dry_run_report dry_run(const job& job, const run_request& request) {
  dry_run_report report{find_starting_point(job, request), {}};
  const auto& checkpoint = report.from.checkpoint;
  if (auto problem = directory_problem(request, report.from))
    report.problems.push_back(std::move(*problem));
  if (!checkpoint)
    return report;
  const std::string id = name_of(checkpoint->metadata);
  for (const auto& mismatch :
       restore_mismatches(job.graph(), report.from.plan,
                          to_string(report.from.backend.kind), checkpoint->metadata))
    report.problems.push_back(fmt::format("restoring from {} refused: {}", id, mismatch));
  for (const damaged_file& file : damaged_files(*checkpoint))
    report.problems.push_back(fmt::format("restoring from {} refused: '{}': {}", id,
                                          file.path.string(), file.reason));
  return report;
}

} // namespace weir
