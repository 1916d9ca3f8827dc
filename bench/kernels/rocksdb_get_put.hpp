// The keyed count done the usual way: RocksDB read and written per record. Tuned for
// exactly that, without durability: write-ahead log off, no checkpoint.
#pragma once

#include "bench/harness/figures.hpp"

#include <cstdint>
#include <filesystem>

namespace weir::bench {

struct rocksdb_get_put_params {
  std::uint64_t keys = 0;
  std::uint64_t seed = 1;
  /// Each with its own database and its own part of the keys.
  std::size_t threads = 2;
  /// How long to go on; the databases are filled with all keys before that.
  double seconds = 3;
  /// Exists and is empty.
  std::filesystem::path work_directory = {};
};

/// One record is one Get and one Put of its count.
run_figures rocksdb_get_put(const rocksdb_get_put_params& params);

} // namespace weir::bench
