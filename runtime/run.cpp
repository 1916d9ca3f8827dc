#include "runtime/run.hpp"

#include "runtime/caf/actor_runtime.hpp"
#include "runtime/checkpoint_retention.hpp"
#include "runtime/restore_plan.hpp"
#include "runtime/starting_point.hpp"
#include "runtime/unreplayable.hpp"
#include "serialization/crash_point.hpp"

#include <fmt/format.h>

#include <limits>
#include <random>

namespace weir {

namespace {

/// How long a task works before it looks at its mailbox.
constexpr std::chrono::microseconds slice{250};

std::string draw_job_id() {
  std::random_device entropy;
  const char* digits = "0123456789abcdef";
  std::string id(32, '0');
  for (auto& digit : id)
    digit = digits[entropy() % 16];
  return id;
}

processing_clock::duration clock_offset_now() {
  const auto ahead = std::chrono::system_clock::now().time_since_epoch() -
                     std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::floor<processing_clock::duration>(ahead);
}

slice_budget timed_slice() {
  return {std::numeric_limits<std::uint32_t>::max(), slice_budget::clock::now() + slice};
}

} // namespace

job_report run(const job& job, const run_request& request, job_observer& observer) {
  controlled_run control(request.control);
  starting_point from = find_starting_point(job, request);
  const run_config config = from.config;
  check_starting_point(job, request, from); // refused before anything is changed on disk
  page_supplier pages;
  job_setup setup{job.graph(),
                  std::move(from.plan),
                  config,
                  from.backend,
                  request.job_id.empty() ? draw_job_id() : request.job_id,
                  request.job_name,
                  nullptr,
                  std::move(from.checkpoint),
                  observer,
                  timed_slice,
                  false,
                  &pages,
                  request.measure_pauses,
                  nullptr};
  setup.watch = std::make_shared<job_watch>(setup.graph, setup.plan);
  setup.clock_offset = clock_offset_now();
  setup.seed = std::random_device()();
  std::optional<checkpoint_directory> directory;
  setup.open_directory = [&]() -> checkpoint_directory& {
    return directory.emplace(config.checkpoint_dir, setup.job_id,
                             setup.backend.data_root);
  };
  if (config.checkpoint_interval || setup.initial || job.graph().commits_output())
    setup.directory = &setup.open_directory();
  const auto before = checkpoints_before(setup.directory);
  if (setup.initial && config.claim == claim_mode::claim)
    directory->claim(setup.initial->directory, config.recovery_data_dir);
  if (setup.directory && !request.note.empty())
    setup.directory->leave_note(request.note);
  observer.started(setup.job_id, config.checkpoint_interval ? directory->path()
                                                            : std::filesystem::path{});
  if (setup.initial)
    observer.restoring(setup.initial->directory, config.claim == claim_mode::claim);
  for (const std::string& skipped : from.skipped)
    observer.warned(fmt::format("the state of operator '{}' of {} is left behind: the "
                                "job has no such operator",
                                skipped, name_of(setup.initial->metadata)));
  if (from.in_flight_bytes_skipped > 0)
    observer.warned(fmt::format(
        "{} bytes of records that were in flight in {} are left out, and lost",
        from.in_flight_bytes_skipped, name_of(setup.initial->metadata)));
  for (const std::string& warning : config.warnings)
    observer.warned(warning);
  const std::string loss = loss_ahead(job.graph());
  if (config.checkpoint_interval && !loss.empty())
    observer.warned(loss);
  observer.watchable(
      [watch = setup.watch] { return watch->figures(std::chrono::steady_clock::now()); });
  job_result result = run_actors(setup, request.cancel, control);
  retain_checkpoints(setup, before, result);
  setup.directory = nullptr;
  directory.reset(); // whoever is told that it is over may begin another run there
  result.report.job_id = setup.job_id;
  if (result.failed)
    result.report.failure = result.failed->what();
  observer.ended(result.report);
  if (result.stopped_by) {
    result.stopped_by->answer({*result.report.savepoint, {}});
    crash_point("stop.answered");
  }
  if (result.failed)
    throw *result.failed;
  return std::move(result.report);
}

} // namespace weir
