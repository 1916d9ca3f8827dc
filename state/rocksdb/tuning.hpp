// Every RocksDB option that weir sets, with its reason. Nobody else sets one.
#pragma once

#include "state/key_group.hpp"

#include <rocksdb/options.h>

namespace weir {

/// `fresh`: the database must not exist yet; otherwise it must. Rows of other groups than
/// these may be dropped whenever that costs nothing.
rocksdb::Options database_options(bool fresh, key_group_range groups);
rocksdb::IngestExternalFileOptions ingest_options();
rocksdb::ReadOptions scan_options();
rocksdb::LiveFilesStorageInfoOptions live_files_options();

} // namespace weir
