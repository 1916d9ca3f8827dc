// Where ingestion waits for compactions: RocksDB would take one table after the other,
// however far behind they are where the tasks need every core.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/listener.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace weir {

class compaction_watch final : public rocksdb::EventListener {
public:
  /// Returns once level 0 has fewer than `tables_max` tables, or no compaction is there
  /// that would make them fewer.
  void wait_for_room(rocksdb::DB& db, std::uint64_t tables_max);

  void OnCompactionCompleted(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override;

private:
  std::mutex lock_;
  std::condition_variable one_more_;
  std::uint64_t completed_ = 0;
};

} // namespace weir
