#include "state/rocksdb/tuning.hpp"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/table.h>

#include <limits>
#include <memory>

namespace weir {

namespace {

// Errors reach us as Status; a LOG file per attempt would only repeat the options.
class no_log final : public rocksdb::Logger {
public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// There is no write-ahead log, and so no archive of old ones, for which RocksDB looks at
// every snapshot; where that look fails, an assertion of its ends the process.
class no_archive final : public rocksdb::FileSystemWrapper {
public:
  no_archive() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "weir.no_archive"; }
  rocksdb::IOStatus FileExists(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
    return name.ends_with("/archive")
               ? rocksdb::IOStatus::NotFound()
               : FileSystemWrapper::FileExists(name, options, context);
  }
};

rocksdb::Env* environment() {
  static const std::unique_ptr<rocksdb::Env> made =
      rocksdb::NewCompositeEnv(std::make_shared<no_archive>());
  return made.get();
}

/// `large`: a table that compaction writes, and no run.
rocksdb::BlockBasedTableOptions table_options(const database_setup& setup, bool large) {
  rocksdb::BlockBasedTableOptions table;
  // Who reads a row by key reads its block: of 32 KB that takes twice as long. Less than
  // 8 saves nothing more, and makes a larger index; a hash index in them does not pay.
  table.block_size = 8 * 1024;
  table.filter_policy = key_filters(setup.reads);
  // Without a limit the kernel's cache does, and a scan reads every block once.
  table.no_block_cache = setup.blocks == nullptr;
  if (setup.blocks) {
    table.block_cache = setup.blocks;
    // Indexes and filters grow with the rows: they count, and before blocks of rows, of
    // which few are read twice: what is in demand stands in the row table.
    table.cache_index_and_filter_blocks = true;
    table.cache_index_and_filter_blocks_with_high_priority = true;
  }
  if (setup.blocks && large) {
    // In parts, so that one key brings in a few kilobytes of them and no megabytes. A run
    // has few, and without parts it takes a fifth of the time to say that it has no row.
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.partition_filters = true;
  }
  // Fast, and what 7.8 writes by default; said here so that files stay readable.
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  return table;
}

} // namespace

std::shared_ptr<rocksdb::Cache> block_cache(std::uint64_t bytes) {
  rocksdb::LRUCacheOptions options;
  options.capacity = bytes;
  // One thread reads: shards would only divide a small cache among them.
  options.num_shard_bits = 0;
  // Of indexes and filters.
  options.high_pri_pool_ratio = 0.9;
  return rocksdb::NewLRUCache(options);
}

rocksdb::Options database_options(bool fresh, key_group_range groups,
                                  const database_setup& setup) {
  rocksdb::Options options;
  options.create_if_missing = fresh;
  options.error_if_exists = fresh;
  options.env = environment();
  options.info_log = std::make_shared<no_log>();
  options.table_factory.reset(
      rocksdb::NewBlockBasedTableFactory(table_options(setup, /*large=*/true)));
  // Compressing costs more CPU per checkpoint than the bytes it saves; the tasks need it.
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kNoCompression;
  // Compaction competes with the tasks for cores: one thread for it is enough.
  options.max_background_jobs = 1;
  options.max_subcompactions = 1;
  // Every checkpoint adds one file to L0; merging eight at a time rewrites less than the
  // default four, and a filter says of most that they need not be read.
  options.level0_file_num_compaction_trigger = 8;
  // Levels are sized by what the last one has: superseded rows take less space, 2.7 times
  // the rows in all instead of 4.1 where a tenth changes from one checkpoint to the next.
  options.level_compaction_dynamic_level_bytes = true;
  // Ingestion is the only writer: the memtable stays empty, so keep it as small as
  // allowed.
  options.write_buffer_size = 64 * 1024;
  // Each snapshot contains the MANIFEST: roll it over before it becomes the larger part.
  options.max_manifest_file_size = 256 * 1024;
  // The default allocates and gives back 4 MB each time a database is opened, which is
  // more than all else that is done then; none becomes larger than the line above says.
  options.manifest_preallocation_size = 64 * 1024;
  // Start writing back early, so that the fsync at the end of a file is no long pause.
  options.bytes_per_sync = 1024 * 1024;
  options.compaction_readahead_size = 2 * 1024 * 1024;
  // Where the kernel's cache is wanted for others, compactions go past it, too.
  options.use_direct_reads = setup.direct_reads;
  options.use_direct_io_for_flush_and_compaction = setup.direct_reads;
  if (setup.compactions)
    options.listeners.push_back(setup.compactions);
  // No timer threads, and a restore that reads no statistics from every file.
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.skip_stats_update_on_db_open = true;
  // Cheaper than deleting them: a rescaled job shares whole files with what it was, and
  // rows that have expired say so themselves.
  options.compaction_filter_factory = row_filter(groups, setup.clock);
  // An attempt's database is never reopened after a crash: nothing to flush at the end.
  options.avoid_flush_during_shutdown = true;
  return options;
}

rocksdb::Options run_options(key_group_range groups, const database_setup& setup) {
  rocksdb::Options options = database_options(/*fresh=*/false, groups, setup);
  options.table_factory.reset(
      rocksdb::NewBlockBasedTableFactory(table_options(setup, /*large=*/false)));
  return options;
}

rocksdb::IngestExternalFileOptions ingest_options() {
  rocksdb::IngestExternalFileOptions options;
  // The file is ours and in the same directory: a link, not a copy.
  options.move_files = true;
  // The default rewrites bytes of the file, which may be hard-linked into a checkpoint.
  options.write_global_seqno = false;
  return options;
}

rocksdb::ReadOptions scan_options() {
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  options.readahead_size = 2 * 1024 * 1024;
  // Every block is read once: it would only push out those that are read by key.
  options.fill_cache = false;
  return options;
}

rocksdb::ReadOptions key_read_options() {
  rocksdb::ReadOptions options;
  // Large values come a few at a time: until they are copied they are there twice.
  options.value_size_soft_limit = 4 * 1024 * 1024;
  return options;
}

rocksdb::LiveFilesStorageInfoOptions live_files_options() {
  rocksdb::LiveFilesStorageInfoOptions options;
  // The memtable is always empty: never flush it.
  options.wal_size_for_flush = std::numeric_limits<std::uint64_t>::max();
  return options;
}

} // namespace weir
