#include "runtime/run.hpp"

#include "runtime/caf/actor_runtime.hpp"
#include "runtime/restore_plan.hpp"
#include "runtime/state_memory.hpp"
#include "runtime/unreplayable.hpp"

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
  const run_config& config = request.config;
  check_config(config);
  job.graph().check();
  refuse_lossy_checkpoints(job.graph(), config);
  std::optional<located_checkpoint> initial;
  if (request.restore_from)
    initial = locate_checkpoint(*request.restore_from);
  page_supplier pages;
  const execution_plan plan =
      plan_execution(job.graph(), config.parallelism, config.max_parallelism,
                     initial ? &initial->metadata : nullptr);
  job_setup setup{job.graph(),
                  plan,
                  config,
                  chosen_backend(config, job.graph().state_backend(),
                                 keyed_subtasks(job.graph(), plan), machine_memory()),
                  request.job_id.empty() ? draw_job_id() : request.job_id,
                  request.job_name,
                  nullptr,
                  std::move(initial),
                  observer,
                  timed_slice,
                  false,
                  &pages,
                  request.measure_pauses,
                  nullptr};
  setup.watch = std::make_shared<job_watch>(setup.graph, setup.plan);
  setup.clock_offset = clock_offset_now();
  // Refused before anything is changed on disk.
  if (setup.initial) {
    plan_restore(setup.graph, setup.plan, to_string(setup.backend.kind),
                 setup.initial->metadata);
    verify_checkpoint(*setup.initial);
  }
  std::optional<checkpoint_directory> directory;
  if (config.checkpoint_interval || setup.initial) {
    directory.emplace(config.checkpoint_dir, setup.job_id);
    setup.directory = &*directory;
  }
  observer.started(setup.job_id, config.checkpoint_interval ? directory->path()
                                                            : std::filesystem::path{});
  const std::string loss = loss_ahead(job.graph());
  if (config.checkpoint_interval && !loss.empty())
    observer.warned(loss);
  observer.watchable(
      [watch = setup.watch] { return watch->figures(std::chrono::steady_clock::now()); });
  job_result result = run_actors(setup, request.cancel);
  result.report.job_id = setup.job_id;
  if (result.failed)
    result.report.failure = result.failed->what();
  observer.ended(result.report);
  if (result.failed)
    throw *result.failed;
  return std::move(result.report);
}

} // namespace weir
