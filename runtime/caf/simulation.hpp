// Runs a whole job in one thread, every choice drawn from one seed: which actor takes the
// next step, how far the clock moves, how long a slice is, and who dies when. The same
// seed gives the same run. Checkpoints and databases are real; only time is not. The
// header is free of CAF.
#pragma once

#include "operators/job.hpp"
#include "runtime/checkpoint_order.hpp"
#include "runtime/config.hpp"
#include "runtime/job_observer.hpp"
#include "runtime/savepoint_order.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace weir {

struct simulation_options {
  std::uint64_t seed = 1;
  /// Actors that are killed, at most; the config must allow as many restarts.
  std::uint32_t deaths_max = 0;
  /// The next death comes within so many steps.
  std::uint32_t death_within_steps = 1000;
  /// A slice is one to so many blocks of records.
  std::uint32_t slice_blocks_max = 4;
  /// A run that takes longer is taken for one that never ends.
  std::uint64_t steps_max = 500'000;
  /// What a subtask may have for its rows, in bytes: less than any run would give it, so
  /// that rows go away. 0: no limit.
  std::uint64_t state_memory = 0;
  /// One in so many steps of checkpoints to disk fails, so that the checkpoint is given
  /// up while its barriers are under way. 0: none does.
  std::uint32_t failing_uploads_one_in = 0;
  /// The checkpoint that the job begins with.
  std::optional<std::filesystem::path> restore_from;
  /// What is asked of the job at which step.
  std::map<std::uint64_t, std::shared_ptr<const savepoint_order>> orders;
  std::map<std::uint64_t, std::shared_ptr<const checkpoint_order>> checkpoint_orders;
  /// Hears of every completed checkpoint as soon as anybody does; may be empty.
  std::function<void(const completed_checkpoint&)> completed;
  /// Hears of every warning, and why the job begins again; may be empty.
  std::function<void(const std::string&)> warned;
  /// Hears of the checkpoint from which it begins again; may be empty.
  std::function<void(checkpoint_id)> restored;
  /// Receives one line per step; may be empty.
  std::function<void(const std::string&)> trace;
};

struct simulation_report {
  /// Why the job did not finish: it failed, nothing could run any more, or it took too
  /// many steps. Names the seed.
  std::optional<std::string> problem;
  job_report job;
  std::uint64_t steps = 0;
  std::uint64_t trace_hash = 0; // of which actor ran when
  std::uint32_t deaths = 0;
  std::uint32_t restores = 0; // attempts that began from a checkpoint
};

/// Its `checkpoint_dir` must exist; the job's directory below it is named by the seed.
simulation_report simulate(const job& job, const run_config& given,
                           const simulation_options& options);

} // namespace weir
