// Every RocksDB option that weir sets, with its reason. Nobody else sets one.
#pragma once

#include <rocksdb/options.h>

namespace weir {

/// `fresh`: the database must not exist yet; otherwise it must.
rocksdb::Options database_options(bool fresh);
rocksdb::IngestExternalFileOptions ingest_options();
rocksdb::ReadOptions scan_options();
rocksdb::LiveFilesStorageInfoOptions live_files_options();

} // namespace weir
