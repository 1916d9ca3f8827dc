// Every option of Flink 2.3 and 1.x for checkpoints, recovery and restarts, written out:
// each works in weir, or is refused with the reason.
#pragma once

#include <string>
#include <vector>

namespace weir::testing {

struct flink_option {
  std::string name;     // of 2.x
  std::string older;    // of 1.x, if it had another one there
  std::string accepted; // a value that will do; for what weir refuses, its off or default
  std::string refused;  // a value that will not; empty: it works
  std::string reason;   // part of what is said then
  bool of_clusters = false; // in a file it is left out, with a warning
};

/// In the order of Flink's reference.
inline const std::vector<flink_option>& flink_options() {
  static const std::string check = "execution.checkpointing.";
  static const std::string merging = check + "file-merging.";
  static const std::string unaligned = check + "unaligned.";
  static const std::string recovery = "execution.state-recovery.";
  static const std::string restart = "restart-strategy.";
  static const std::string merges_none = "weir merges none";
  static const std::vector<flink_option> options = {
      {check + "interval", "", "10000", "", ""},
      {check + "interval-during-backlog", "", "", "1 min", "there is one interval"},
      {check + "mode", "", "EXACTLY_ONCE", "", ""},
      {check + "timeout", "", "10 min", "", ""},
      {check + "max-concurrent-checkpoints", "", "1", "", ""},
      {check + "min-pause", "", "0", "", ""},
      {check + "tolerable-failed-checkpoints", "", "0", "", ""},
      {check + "externalized-checkpoint-retention", "", "RETAIN_ON_CANCELLATION", "", ""},
      {check + "num-retained", "state.checkpoints.num-retained", "1", "", ""},
      {check + "storage", "state.checkpoint-storage", "filesystem", "jobmanager",
       "set state.backend.type to memory"},
      {check + "dir", "state.checkpoints.dir", "file:///tmp/checkpoints", "", ""},
      {check + "savepoint-dir", "state.savepoints.dir", "file:///tmp/savepoints", "", ""},
      {check + "create-subdir", "state.checkpoints.create-subdir", "true", "false",
       "--job-id names it"},
      {check + "incremental", "state.backend.incremental", "true", "maybe",
       "true or false"},
      {check + "data-inline-threshold", "state.storage.fs.memory-threshold", "20 kb", "",
       ""},
      {check + "write-buffer-size", "state.storage.fs.write-buffer-size", "4096", "8192",
       "blocks of weir's choice"},
      {check + "cleaner.parallel-mode", "state.checkpoint.cleaner.parallel-mode", "true",
       "maybe", "off the tasks either way"},
      {check + "local-backup.enabled", "", "false", "true", "lie on its machine"},
      {check + "local-backup.dirs", "taskmanager.state.local.root-dirs", "", "/tmp/local",
       "lie on its machine"},
      {unaligned + "enabled", check + "unaligned", "true", "", ""},
      {check + "aligned-checkpoint-timeout", check + "alignment-timeout", "0 s", "", ""},
      {unaligned + "forced", "", "false", "true", "set execution.checkpointing.force"},
      {unaligned + "interruptible-timers.enabled", "", "true", "maybe", "either way"},
      {unaligned + "max-subtasks-per-channel-state-file", "", "5", "4",
       "a file of its own"},
      {unaligned + "recover-output-on-downstream.enabled", "", "true", "maybe",
       "either way"},
      {unaligned + "during-recovery.enabled", "", "false", "maybe", "either way"},
      {check + "checkpoints-after-tasks-finish",
       check + "checkpoints-after-tasks-finish.enabled", "true", "", ""},
      {merging + "enabled", "state.checkpoints.file-merging.enabled", "false", "true",
       "stands alone"},
      {merging + "across-checkpoint-boundary",
       "state.checkpoints.file-merging.across-checkpoint-boundary", "false", "true",
       merges_none},
      {merging + "max-file-size", "state.checkpoints.file-merging.max-file-size", "32 MB",
       "64 MB", merges_none},
      {merging + "pool-blocking", "state.checkpoints.file-merging.pool-blocking", "false",
       "true", merges_none},
      {merging + "max-subtasks-per-file",
       "state.checkpoints.file-merging.max-subtasks-per-file", "4", "8", merges_none},
      {merging + "max-space-amplification",
       "state.checkpoints.file-merging.max-space-amplification", "2.0", "3.0",
       merges_none},
      {check + "snapshot-compression", "", "false", "", ""},
      {check + "region.enabled", "", "false", "true", "one cut through the whole job"},
      {check + "region.max-failure-ratio", "", "0.3", "0.5",
       "one cut through the whole job"},
      {check + "region.max-consecutive-failures", "", "2", "3",
       "one cut through the whole job"},
      {check + "sync-phase-timeout", "", "30 s", "", ""},

      {recovery + "path", "execution.savepoint.path", "file:///tmp/savepoint", "", ""},
      {recovery + "ignore-unclaimed-state", "execution.savepoint.ignore-unclaimed-state",
       "false", "", ""},
      {recovery + "claim-mode", "execution.savepoint-restore-mode", "NO_CLAIM", "", ""},
      {recovery + "from-local", "state.backend.local-recovery", "false", "true",
       "lie on its machine"},
      {recovery + "without-channel-state.checkpoint-id",
       check + "recover-without-channel-state.checkpoint-id", "-1", "", ""},
      {recovery + "approximate-local-recovery", "", "false", "true", "loses nothing"},

      {restart + "type", "restart-strategy", "exponential-delay", "", ""},
      {restart + "fixed-delay.attempts", "", "2147483647", "", ""},
      {restart + "fixed-delay.delay", "", "1 s", "", ""},
      {restart + "failure-rate.max-failures-per-interval", "", "1", "", ""},
      {restart + "failure-rate.failure-rate-interval", "", "1 min", "", ""},
      {restart + "failure-rate.delay", "", "1 s", "", ""},
      {restart + "exponential-delay.initial-backoff", "", "1 s", "", ""},
      {restart + "exponential-delay.max-backoff", "", "1 min", "", ""},
      {restart + "exponential-delay.backoff-multiplier", "", "1.5", "", ""},
      {restart + "exponential-delay.reset-backoff-threshold", "", "1 h", "", ""},
      {restart + "exponential-delay.jitter-factor", "", "0.1", "", ""},
      {restart + "exponential-delay.attempts-before-reset-backoff", "", "infinite", "",
       ""},
      {"jobmanager.execution.failover-strategy", "", "full", "region",
       "restarts as a whole", true},
      {"heartbeat.interval", "", "", "10 s", "a job is one process", true},
      {"heartbeat.timeout", "", "", "50 s", "a job is one process", true},
  };
  return options;
}

} // namespace weir::testing
