#include "runtime/config_foreign.hpp"

#include "runtime/config_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace weir {

namespace {

/// "32 mb" is "32MB" is "33554432".
bool same_value(const std::string& a, const std::string& b) {
  const auto size = values::read_memory_size(a);
  return values::same_word(a, b) || (size && size == values::read_memory_size(b));
}

bool begins_with_word(std::string_view name, std::string_view word) {
  return name.starts_with(word) &&
         (word.ends_with('.') || word.ends_with('-') || name.size() == word.size() ||
          name[word.size()] == '.');
}

bool is_unused(const std::string& name) {
  return std::ranges::count(unused_names(), name) > 0 ||
         std::ranges::any_of(unused_prefixes(), [&](const std::string& prefix) {
           return begins_with_word(name, prefix);
         });
}

const refused_option* find_refused(const std::string& name) {
  const auto& options = refused_options();
  const auto found = std::ranges::find_if(options, [&](const refused_option& each) {
    return each.name == name || std::ranges::count(each.aliases, name) > 0;
  });
  return found == options.end() ? nullptr : &*found;
}

} // namespace

const std::vector<std::string>& unused_prefixes() {
  static const std::vector<std::string> prefixes = {"$internal",
                                                    "akka",
                                                    "azure",
                                                    "blob",
                                                    "classloader",
                                                    "client",
                                                    "cluster",
                                                    "compiler",
                                                    "containerized",
                                                    "delegation",
                                                    "dstl",
                                                    "env",
                                                    "events",
                                                    "external-resource",
                                                    "external-resources",
                                                    "flink.hadoop",
                                                    "fs",
                                                    "gs",
                                                    "hadoop",
                                                    "heartbeat",
                                                    "high-availability",
                                                    "historyserver",
                                                    "internal",
                                                    "io.tmp.dirs",
                                                    "job-result-store",
                                                    "job.autoscaler",
                                                    "jobmanager",
                                                    "jobstore",
                                                    "kubernetes",
                                                    "mesos",
                                                    "metrics",
                                                    "oss",
                                                    "pekko",
                                                    "presto",
                                                    "process.jobmanager",
                                                    "process.taskmanager",
                                                    "process.working-dir",
                                                    "python",
                                                    "query.proxy",
                                                    "query.server",
                                                    "queryable-state",
                                                    "resourcemanager",
                                                    "rest",
                                                    "s3",
                                                    "s3a",
                                                    "s3n",
                                                    "s3p",
                                                    "scheduler-mode",
                                                    "security",
                                                    "slot",
                                                    "slotmanager",
                                                    "sql-client",
                                                    "sql-gateway",
                                                    "state.backend.changelog",
                                                    "state.backend.forst",
                                                    "state.backend.latency-track",
                                                    "state.changelog",
                                                    "state.latency-track",
                                                    "state.size-track",
                                                    "table",
                                                    "taskmanager",
                                                    "traces",
                                                    "user.artifacts",
                                                    "web",
                                                    "yarn",
                                                    "zookeeper"};
  return prefixes;
}

const std::vector<std::string>& unused_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {
        "execution.allow-client-job-configurations",
        "execution.attached",
        "execution.batch-shuffle-mode",
        "execution.cache-enabled",
        "execution.embedded-rpc-server",
        "execution.job-listeners",
        "execution.job-status-changed-listeners",
        "execution.program-config.enabled",
        "execution.program-config.wildcards",
        "execution.shutdown-on-application-finish",
        "execution.shutdown-on-attached-exit",
        "execution.sorted-inputs.enabled",
        "execution.sorted-inputs.memory",
        "execution.submit-failed-job-on-application-error",
        "execution.target",
        "pipeline.auto-generate-uids",
        "pipeline.auto-type-registration",
        "pipeline.cached-files",
        "pipeline.classpaths",
        "pipeline.closure-cleaner-level",
        "pipeline.default-kryo-serializers",
        "pipeline.force-avro",
        "pipeline.force-kryo",
        "pipeline.force-kryo-avro",
        "pipeline.generic-types",
        "pipeline.global-job-parameters",
        "pipeline.jars",
        "pipeline.jobvertex-parallelism-overrides",
        "pipeline.name",
        "pipeline.object-reuse",
        "pipeline.operator-chaining.chain-operators-with-different-max-parallelism",
        "pipeline.registered-kryo-types",
        "pipeline.registered-pojo-types",
        "pipeline.serialization-config",
        "pipeline.vertex-description-mode",
        "pipeline.vertex-name-include-index-prefix",
        "pipeline.watermark-alignment.allow-unaligned-source-splits",
        "pipeline.watermark-alignment.buffer-size",
        "state.backend.async",
        "state.backend.heap.allocation-factor",
        "task.cancellation.interval",
        "task.cancellation.timers.timeout",
        "task.checkpoint.alignment.max-size"};
    for (const char* of_rocksdb : {"block.blocksize",
                                   "block.cache-size",
                                   "block.metadata-blocksize",
                                   "bloom-filter.bits-per-key",
                                   "bloom-filter.block-based-mode",
                                   "checkpoint.transfer.thread.num",
                                   "checkpoint.upload-jitter",
                                   "compaction.filter.periodic-compaction-time",
                                   "compaction.filter.query-time-after-num-entries",
                                   "compaction.level.max-size-level-base",
                                   "compaction.level.target-file-size-base",
                                   "compaction.level.use-dynamic-size",
                                   "compaction.style",
                                   "compression.per.level",
                                   "files.open",
                                   "incremental-restore-async-compact-after-rescale",
                                   "localdir",
                                   "log.dir",
                                   "log.file-num",
                                   "log.level",
                                   "log.max-file-size",
                                   "manual-compaction.max-auto-compactions",
                                   "manual-compaction.max-file-size-to-compact",
                                   "manual-compaction.max-files-to-compact",
                                   "manual-compaction.max-output-file-size",
                                   "manual-compaction.max-parallel-compactions",
                                   "manual-compaction.min-files-to-compact",
                                   "manual-compaction.min-interval",
                                   "memory.high-prio-pool-ratio",
                                   "memory.partitioned-index-filters",
                                   "memory.write-buffer-ratio",
                                   "options-factory",
                                   "predefined-options",
                                   "rescaling.use-delete-files-in-range",
                                   "restore-overlap-fraction-threshold",
                                   "thread.num",
                                   "timer-service.cache-size",
                                   "timer-service.factory",
                                   "use-bloom-filter",
                                   "use-ingest-db-restore-mode",
                                   "write-batch-size",
                                   "writebuffer.count",
                                   "writebuffer.number-to-merge",
                                   "writebuffer.size"})
      all.push_back(std::string("state.backend.rocksdb.").append(of_rocksdb));
    return all;
  }();
  return names;
}

foreign_verdict judge_foreign(const std::string& name, const std::string& value) {
  using kind = foreign_verdict::kind;
  const refused_option* found = find_refused(name);
  if (found == nullptr) {
    if (!is_unused(name))
      return {};
    return {kind::unused,
            fmt::format("option {} is one of Flink's that means nothing to weir; leave "
                        "it away",
                        name)};
  }
  const auto is_value = [&](const std::string& each) { return same_value(each, value); };
  if (std::ranges::any_of(found->accepted, is_value))
    return {kind::accepted};
  for (const auto& [noted, note] : found->noted)
    if (is_value(noted))
      return {kind::accepted, fmt::format("option {} is '{}': {}", name, value, note)};
  return {found->of_clusters ? kind::unused : kind::refused,
          fmt::format("option {} is '{}', which weir refuses: {}", name, value,
                      found->reason)};
}

} // namespace weir
