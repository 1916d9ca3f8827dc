// Every RocksDB option that weir sets, with its reason. Nobody else sets one.
#pragma once

#include "state/rocksdb/compaction_watch.hpp"
#include "state/rocksdb/key_filters.hpp"
#include "state/rocksdb/row_filter.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/options.h>

namespace weir {

/// What the databases of a subtask have in common.
struct database_setup {
  std::shared_ptr<const expiry_clock> clock = nullptr;     // null: no row expires
  std::shared_ptr<const key_reads> reads = nullptr;        // null: rows are only scanned
  std::shared_ptr<rocksdb::Cache> blocks = nullptr;        // null: the kernel keeps them
  std::shared_ptr<compaction_watch> compactions = nullptr; // null: nobody waits for them
  bool direct_reads = false;                               // past the kernel's cache
};

/// A run that would be one more in level 0 waits. Reads look into each of these tables; a
/// checkpoint has to name and a restore to link them.
constexpr std::uint64_t level0_tables_max = 20;

/// Of blocks that are read by key, and of what says where they are.
std::shared_ptr<rocksdb::Cache> block_cache(std::uint64_t bytes);

/// `fresh`: the database must not exist yet; otherwise it must. Rows of other groups than
/// these may be dropped whenever that costs nothing, and rows that have expired.
rocksdb::Options database_options(bool fresh, key_group_range groups,
                                  const database_setup& setup);
/// For a table that is one run.
rocksdb::Options run_options(key_group_range groups, const database_setup& setup);
rocksdb::IngestExternalFileOptions ingest_options();
rocksdb::ReadOptions scan_options();
rocksdb::ReadOptions key_read_options();
rocksdb::LiveFilesStorageInfoOptions live_files_options();

} // namespace weir
