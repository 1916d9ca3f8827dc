// The table of options that weir refuses, by topic.
#include "runtime/config_foreign.hpp"

#include <algorithm>
#include <iterator>

namespace weir {

namespace {

std::string checkpointing(const char* rest) {
  return std::string("execution.checkpointing.").append(rest);
}

/// Where weir does the same whatever one says.
std::vector<std::string> either() {
  return {"true", "false"};
}

std::vector<refused_option> refused_of_triggers() {
  const std::string region = checkpointing("region.");
  const std::string one_cut =
      "a checkpoint is one cut through the whole job; for failures that may pass set "
      "execution.checkpointing.tolerable-failed-checkpoints";
  return {
      {checkpointing("interval-during-backlog"),
       {},
       {},
       "no source says that it is behind, so there is one interval; set "
       "execution.checkpointing.interval"},
      {region + "enabled", {}, {"false"}, one_cut},
      {region + "max-failure-ratio", {}, {"0.3"}, one_cut},
      {region + "max-consecutive-failures", {}, {"2"}, one_cut},
  };
}

std::vector<refused_option> refused_of_barriers() {
  const std::string unaligned = checkpointing("unaligned.");
  return {
      {unaligned + "forced",
       {},
       {"false"},
       "barriers overtake wherever that can be restored, partition_custom included, and "
       "never inside of a loop; for checkpoints of a job with a loop set "
       "execution.checkpointing.force"},
      {unaligned + "interruptible-timers.enabled",
       {},
       either(),
       "it takes true or false; barriers overtake deadlines either way"},
      {unaligned + "max-subtasks-per-channel-state-file",
       {},
       {"1", "5"},
       "each subtask has a file of its own for its records in flight; leave it away"},
      {unaligned + "recover-output-on-downstream.enabled",
       {},
       either(),
       "it takes true or false; records in flight are restored where they go to either "
       "way"},
      {unaligned + "during-recovery.enabled",
       {},
       either(),
       "it takes true or false; checkpoints take in what is restored either way"},
  };
}

std::vector<refused_option> refused_of_storage() {
  return {
      {checkpointing("storage"),
       {"state.checkpoint-storage"},
       {"filesystem"},
       "a checkpoint is a directory of files (filesystem); for state inside of its "
       "_metadata set state.backend.type to memory"},
      {checkpointing("create-subdir"),
       {"state.checkpoints.create-subdir"},
       {"true"},
       "every job has a directory of its own in execution.checkpointing.dir, so that "
       "none removes another's files; --job-id names it"},
      {checkpointing("incremental"),
       {"state.backend.incremental"},
       {"true"},
       "it takes true or false",
       {{"false", "checkpoints of the rocksdb backend write what has changed all the "
                  "same; with state.backend.type filesystem they write all state"}}},
      {checkpointing("write-buffer-size"),
       {"state.storage.fs.write-buffer-size", "state.backend.fs.write-buffer-size"},
       {"4096"},
       "files of checkpoints are written in blocks of weir's choice; leave it away"},
      {checkpointing("cleaner.parallel-mode"),
       {"state.checkpoint.cleaner.parallel-mode"},
       either(),
       "it takes true or false; files are removed off the tasks either way"},
  };
}

std::vector<refused_option> refused_of_copies() {
  const std::string local =
      "a job is one process, and the files of its checkpoints lie on its machine; leave "
      "it away";
  return {
      {checkpointing("local-backup.enabled"), {}, {"false"}, local},
      {checkpointing("local-backup.dirs"),
       {"taskmanager.state.local.root-dirs"},
       {},
       local},
      {"execution.state-recovery.from-local",
       {"state.backend.local-recovery"},
       {"false"},
       local},
      {"execution.state-recovery.approximate-local-recovery",
       {},
       {"false"},
       "a job restarts as a whole, from one checkpoint, and loses nothing; leave it "
       "away"},
  };
}

std::vector<refused_option> refused_of_file_merging() {
  const std::string name = checkpointing("file-merging.");
  const std::string older = "state.checkpoints.file-merging.";
  const std::string apart =
      "each file of a checkpoint stands alone, so that it can be verified, copied and "
      "removed; for fewer files set execution.checkpointing.data-inline-threshold";
  const std::string how = "it says how files are merged, and weir merges none (see " +
                          name + "enabled); leave it away";
  std::vector<refused_option> all;
  all.push_back({name + "enabled", {older + "enabled"}, {"false"}, apart});
  const std::pair<std::string, std::vector<std::string>> defaults[] = {
      {"across-checkpoint-boundary", {"false"}},
      {"max-file-size", {"32 mb"}},
      {"pool-blocking", {"false"}},
      {"max-subtasks-per-file", {"4"}},
      {"max-space-amplification", {"2", "2.0"}}};
  for (const auto& [last, accepted] : defaults)
    all.push_back({name + last, {older + last}, accepted, how});
  return all;
}

std::vector<refused_option> refused_of_failures() {
  const std::string heartbeat =
      "a job is one process, in which nobody waits for a sign of life; for code that "
      "hangs see task.cancellation.timeout and "
      "execution.checkpointing.sync-phase-timeout";
  return {
      {"jobmanager.execution.failover-strategy",
       {},
       {"full"},
       "a job restarts as a whole (full); leave it away",
       {},
       true},
      {"heartbeat.interval", {}, {}, heartbeat, {}, true},
      {"heartbeat.timeout", {}, {}, heartbeat, {}, true},
  };
}

std::vector<refused_option> refused_of_execution() {
  const std::string chaining =
      "that is for the code of the job to say: job.chaining(false)";
  return {
      {"execution.runtime-mode",
       {},
       {"STREAMING", "AUTOMATIC"},
       "a job streams, and ends when its input does (STREAMING); leave it away"},
      {"execution.buffer-timeout.enabled",
       {},
       {"true"},
       "a batch that is not full has to leave some time; set "
       "execution.buffer-timeout.interval to a long one"},
      {"pipeline.operator-chaining.enabled",
       {"pipeline.operator-chaining"},
       {"true"},
       chaining},
      {"state.backend.changelog.enabled",
       {},
       {"false"},
       "checkpoints of the rocksdb backend write what has changed and nothing else; "
       "leave it away"},
  };
}

} // namespace

const std::vector<refused_option>& refused_options() {
  static const std::vector<refused_option> options = [] {
    std::vector<refused_option> all;
    for (auto* topic :
         {refused_of_triggers, refused_of_barriers, refused_of_storage, refused_of_copies,
          refused_of_file_merging, refused_of_failures, refused_of_execution})
      std::ranges::move(topic(), std::back_inserter(all));
    return all;
  }();
  return options;
}

} // namespace weir
