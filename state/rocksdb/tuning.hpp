// Every RocksDB option that weir sets, with its reason. Nobody else sets one.
#pragma once

#include "state/rocksdb/row_filter.hpp"

#include <rocksdb/options.h>

namespace weir {

/// `fresh`: the database must not exist yet; otherwise it must. Rows of other groups than
/// these may be dropped whenever that costs nothing, and rows that have expired by
/// `clock`, if there is one.
rocksdb::Options database_options(bool fresh, key_group_range groups,
                                  std::shared_ptr<const expiry_clock> clock);
rocksdb::IngestExternalFileOptions ingest_options();
rocksdb::ReadOptions scan_options();
rocksdb::LiveFilesStorageInfoOptions live_files_options();

} // namespace weir
