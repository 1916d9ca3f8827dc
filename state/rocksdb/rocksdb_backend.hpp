// The backend that keeps rows in one RocksDB database per subtask and attempt. Runs come
// in as sorted SST files by ingestion; a snapshot hard-links the live SSTs into `shared/`
// under the name of their content and keeps the rest of the database (CURRENT, MANIFEST)
// in the
// `.keyed` file. RocksDB's headers stay in this directory.
#pragma once

#include "state/backend.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace weir {

/// An empty database in `directory`, which exists and is empty.
std::unique_ptr<backend> open_rocksdb_backend(const std::filesystem::path& directory);

/// The database of a verified snapshot: `checkpoint_dir`/`handle.file` and the SSTs it
/// names in `shared_dir`, hard-linked (copied across file systems) into `directory`.
std::unique_ptr<backend> open_rocksdb_backend(const std::filesystem::path& directory,
                                              const std::filesystem::path& checkpoint_dir,
                                              const std::filesystem::path& shared_dir,
                                              const keyed_handle& handle);

} // namespace weir
