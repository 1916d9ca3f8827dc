// Makes sealed runs durable the way the engine does: sort, SST file, ingest by hard link,
// hard-link checkpoint, metadata last. One uploader thread owns it.
//
// Life of checkpoint n: 1. `write` per task: rows into the task's database, database into
// `chk-n/task-i`  2. `complete`: metadata under a temporary name, fsync, rename, fsync of
// the directory and its parent  3. `chk-(n-2)` is removed.
#pragma once

#include "bench/kernels/count_table.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace rocksdb {
class DB;
}

namespace weir::bench {

class checkpoint_writer {
public:
  /// `directory` exists and is empty.
  checkpoint_writer(std::filesystem::path directory, std::size_t tasks);
  ~checkpoint_writer();
  checkpoint_writer(const checkpoint_writer&) = delete;
  checkpoint_writer& operator=(const checkpoint_writer&) = delete;

  /// Sorts `run` in place, ingests it and links the files of checkpoint `id`.
  void write(std::uint64_t id, std::size_t task, count_run& run);

  /// Requires: `write` was called for `id` and every task.
  void complete(std::uint64_t id);

private:
  std::filesystem::path checkpoint_path(std::uint64_t id) const;
  void ingest(rocksdb::DB& db, const count_run& run);

  std::filesystem::path directory_;
  std::vector<std::unique_ptr<rocksdb::DB>> databases_;
  std::uint64_t files_written_ = 0;
};

} // namespace weir::bench
