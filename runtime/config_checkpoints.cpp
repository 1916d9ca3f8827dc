#include "runtime/config_options.hpp"

#include <limits>

namespace weir {

namespace {

using std::chrono::milliseconds;

constexpr auto any_number = std::numeric_limits<std::uint32_t>::max();

value_of<
    std::function<std::optional<milliseconds>(const std::string&, const std::string&)>>
an_interval() {
  return {"duration",
          [](const std::string& name,
             const std::string& value) -> std::optional<milliseconds> {
            if (value == "none")
              return std::nullopt;
            return values::duration(name, value, 10);
          }};
}

value_of<std::function<std::string(const std::string&, const std::string&)>>
a_path_or_none() {
  return {"path", [](const std::string& name, const std::string& value) {
            return value == "none" ? std::string() : values::path(name, value);
          }};
}

value_of<std::function<std::string(const std::string&, const std::string&)>>
an_absolute_path_or_none() {
  return {"path", [](const std::string& name, const std::string& value) {
            return value == "none" ? std::string() : values::absolute_path(name, value);
          }};
}

value_of<std::function<std::uint64_t(const std::string&, const std::string&)>>
a_size_within_metadata() {
  return {"size", [](const std::string& name, const std::string& value) {
            return values::memory_size_up_to(name, value, std::uint64_t{1} << 20, "1 mb");
          }};
}

value_of<std::function<checkpoint_id(const std::string&, const std::string&)>>
a_checkpoint_or_none() {
  return {"whole number", [](const std::string& name, const std::string& value) {
            return checkpoint_id{
                value == "-1"
                    ? 0
                    : values::whole_number(name, value, 1,
                                           std::numeric_limits<std::uint64_t>::max())};
          }};
}

/// When a checkpoint begins.
std::vector<config_option> trigger_options() {
  return {
      option("execution.checkpointing.interval", an_interval(), "none",
             "Time from the beginning of a checkpoint to that of the next; none: no "
             "checkpoints.",
             &run_config::checkpoint_interval),
      option("execution.checkpointing.min-pause", a_duration(0), "0 ms",
             "Time from the end of a checkpoint to the beginning of the next, at least.",
             &run_config::checkpoint_min_pause),
      option("execution.checkpointing.max-concurrent-checkpoints",
             a_whole_number(1, 1000), "1",
             "Checkpoints that are under way at the same time, at most.",
             &run_config::checkpoints_concurrent),
      option("execution.checkpointing.checkpoints-after-tasks-finish.enabled",
             a_boolean(), "true",
             "Whether checkpoints go on when some tasks have come to their end; false: "
             "none is taken from then on.",
             &run_config::checkpoints_after_end,
             {"execution.checkpointing.checkpoints-after-tasks-finish"}),
  };
}

/// How a barrier goes.
std::vector<config_option> barrier_options() {
  return {
      option("execution.checkpointing.mode",
             a_word<bool>({{"EXACTLY_ONCE", true}, {"AT_LEAST_ONCE", false}},
                          "EXACTLY_ONCE or AT_LEAST_ONCE"),
             "EXACTLY_ONCE",
             "What a record counts in state after a failure: EXACTLY_ONCE, or "
             "AT_LEAST_ONCE and with less waiting.",
             &run_config::exactly_once),
      option("execution.checkpointing.unaligned.enabled", a_boolean(), "false",
             "Whether barriers overtake the records that wait, which become part of the "
             "checkpoint.",
             &run_config::unaligned, {"execution.checkpointing.unaligned"}),
      option("execution.checkpointing.aligned-checkpoint-timeout", a_duration(0), "0 ms",
             "How old a checkpoint with unaligned barriers is when they begin to "
             "overtake; 0: they do so at once.",
             &run_config::aligned_timeout, {"execution.checkpointing.alignment-timeout"}),
      option("execution.checkpointing.force", a_boolean(), "false",
             "Whether a job with an iteration may take checkpoints. The records that are "
             "in a loop when one is taken are not in it: whoever resumes from it has "
             "lost them.",
             &run_config::checkpoints_forced),
  };
}

/// What becomes of one that does not complete.
std::vector<config_option> failure_options() {
  const std::string tolerable = "execution.checkpointing.tolerable-failed-checkpoints";
  config_option fails = option(
      "execution.checkpointing.fail-on-checkpoint-error", a_boolean(), "true",
      "true: " + tolerable + " is 0; false: any number of them is tolerated.",
      [](run_config & config) -> auto& { return config.failed_checkpoints_tolerable; });
  fails.set = [name = fails.name](run_config& config, const std::string& value) {
    config.failed_checkpoints_tolerable = values::yes_or_no(name, value) ? 0 : any_number;
  };
  fails.sets = tolerable;
  return {
      option("execution.checkpointing.timeout", a_duration(1), "10 min",
             "How long a checkpoint may take; one that takes longer is given up.",
             &run_config::checkpoint_timeout),
      option("execution.checkpointing.sync-phase-timeout", a_duration(0), "0 ms",
             "How long a task may stand at the barrier of a checkpoint while its sinks "
             "prepare and its state is sealed; one that stands longer fails the attempt. "
             "0: no limit.",
             &run_config::sync_phase_timeout),
      option(tolerable, a_whole_number(0, any_number), "0",
             "Checkpoints that may fail in a row; one more fails the attempt, and "
             "restart-strategy.type says what comes then.",
             &run_config::failed_checkpoints_tolerable),
      std::move(fails),
  };
}

/// What is kept, and where.
std::vector<config_option> retention_options() {
  return {
      option("execution.checkpointing.dir", a_path(), "weir-checkpoints",
             "Directory in which every job gets one of its own for its checkpoints.",
             &run_config::checkpoint_dir, {"state.checkpoints.dir"}),
      option(data_dir_option, an_absolute_path_or_none(), "none",
             "Directory in which every job gets one of its own for all files of its "
             "checkpoints but `_metadata`, which names it; an absolute path. none: what "
             "the job says, or execution.checkpointing.dir.",
             &run_config::data_dir, {"state.backend.fs.checkpointdir"}),
      option("execution.checkpointing.savepoint-dir", a_path_or_none(), "none",
             "Directory in which savepoints are made, unless another one is named.",
             &run_config::savepoint_dir, {"state.savepoints.dir"}),
      option(
          "execution.checkpointing.data-inline-threshold", a_size_within_metadata(), "0",
          "Files of a checkpoint that are not larger stand in its `_metadata` instead, "
          "at most 1 mb each; shared files never do.",
          &run_config::inline_bytes_max,
          {"state.storage.fs.memory-threshold", "state.backend.fs.memory-threshold"}),
      option("execution.checkpointing.num-retained", a_whole_number(1, 1'000'000), "3",
             "Completed checkpoints that are kept while the job runs.",
             &run_config::checkpoints_retained, {"state.checkpoints.num-retained"}),
      option("execution.checkpointing.externalized-checkpoint-retention",
             a_word<checkpoint_retention>(
                 {{"NO_EXTERNALIZED_CHECKPOINTS", checkpoint_retention::never},
                  {"DELETE_ON_CANCELLATION", checkpoint_retention::on_failure},
                  {"RETAIN_ON_CANCELLATION", checkpoint_retention::on_cancellation}},
                 "NO_EXTERNALIZED_CHECKPOINTS, DELETE_ON_CANCELLATION or "
                 "RETAIN_ON_CANCELLATION"),
             "DELETE_ON_CANCELLATION",
             "Whose checkpoints are kept when the job ends: those of a job that failed "
             "(DELETE_ON_CANCELLATION), that failed or was cancelled "
             "(RETAIN_ON_CANCELLATION), or nobody's (NO_EXTERNALIZED_CHECKPOINTS). A job "
             "that has finished keeps none.",
             &run_config::retention),
      option("execution.checkpointing.snapshot-compression",
             a_word<bool>(
                 {{"zstd", true}, {"none", false}, {"true", true}, {"false", false}},
                 "none or zstd, or true or false"),
             "none",
             "How files with all rows of a task are compressed: none or zstd (true and "
             "false mean these). The checkpoints of the rocksdb backend have no such "
             "files.",
             &run_config::snapshots_compressed),
  };
}

/// What becomes of the checkpoint of -s.
std::vector<config_option> recovery_options() {
  return {
      option("execution.state-recovery.path", a_path_or_none(), "none",
             "The checkpoint or savepoint that the run begins with, unless -s names one.",
             &run_config::recover_from, {"execution.savepoint.path"}),
      option("execution.state-recovery.ignore-unclaimed-state", a_boolean(), "false",
             "Whether operators that are in the checkpoint of -s and not in the job are "
             "left out, with a warning, or the restore is refused (also: -n).",
             &run_config::skip_unclaimed_state,
             {"execution.savepoint.ignore-unclaimed-state"}),
      option("execution.state-recovery.without-channel-state.checkpoint-id",
             a_checkpoint_or_none(), "-1",
             "The checkpoint of -s whose records in flight are left out, if it is that "
             "one: they are lost.",
             &run_config::without_in_flight,
             {"execution.checkpointing.recover-without-channel-state.checkpoint-id"}),
      option(
          "execution.state-recovery.data-dir", a_path_or_none(), "none",
          "Where the data directory of the checkpoint of -s lies now, if it has moved; "
          "none: where the checkpoint says.",
          &run_config::recovery_data_dir),
      option(
          "execution.state-recovery.claim-mode",
          a_word<claim_mode>({{"claim", claim_mode::claim},
                              {"CLAIM", claim_mode::claim},
                              {"no-claim", claim_mode::no_claim},
                              {"no_claim", claim_mode::no_claim},
                              {"NO_CLAIM", claim_mode::no_claim}},
                             "claim or no-claim"),
          "no-claim",
          "Whose the checkpoint of -s is: with no-claim it is never touched, with claim "
          "the run removes it once it has completed as many of its own as are kept "
          "(also: --claim-mode).",
          &run_config::claim, {"execution.savepoint-restore-mode"}),
  };
}

} // namespace

std::vector<config_option> checkpoint_options() {
  std::vector<config_option> all;
  for (auto* topic : {trigger_options, barrier_options, failure_options,
                      retention_options, recovery_options})
    std::ranges::move(topic(), std::back_inserter(all));
  return all;
}

} // namespace weir
