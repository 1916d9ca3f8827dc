// The backend that keeps rows in RocksDB: one database per subtask and attempt, or after
// a restore at another parallelism one for each subtask whose key groups it has taken
// over. A snapshot hard-links the live SSTs into `shared/` under the name of their
// content and keeps the rest (CURRENT, MANIFEST) in the `.keyed` file. RocksDB's headers
// stay in this directory.
#pragma once

#include "state/backend.hpp"

#include <filesystem>
#include <memory>

namespace weir {

struct rocksdb_settings {
  /// Rows say when they expire (row_expiry.hpp), and compaction leaves out those that
  /// have.
  bool rows_expire = false;
  /// Memory for what rows that are read by key lie in; 0: the kernel's cache will do.
  std::uint64_t cache_bytes = 0;
  /// Reads and compactions go past the kernel's cache.
  bool direct_reads = false;
};

/// Without rows, in `directory`, which exists and is empty.
std::unique_ptr<backend> open_rocksdb_backend(const std::filesystem::path& directory,
                                              const rocksdb_settings& settings = {});

/// With the rows of verified snapshots. Their files are hard-linked (copied across file
/// systems) into `directory`; nothing is read or written anew.
std::unique_ptr<backend> open_rocksdb_backend(const std::filesystem::path& directory,
                                              const keyed_origin& origin,
                                              const rocksdb_settings& settings = {});

} // namespace weir
