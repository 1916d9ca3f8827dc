#include "state/rocksdb/compaction_watch.hpp"

#include <chrono>
#include <string>

namespace weir {

namespace {

// A compaction that could not begin tells nobody.
constexpr std::chrono::seconds look_again{1};

std::uint64_t property(rocksdb::DB& db, const std::string& name) {
  std::uint64_t value = 0;
  db.GetIntProperty(name, &value);
  return value;
}

std::uint64_t tables_in_level_0(rocksdb::DB& db) {
  std::string number; // no property of numbers
  db.GetProperty(rocksdb::DB::Properties::kNumFilesAtLevelPrefix + "0", &number);
  return number.empty() ? 0 : std::stoull(number);
}

bool compacts(rocksdb::DB& db) {
  using properties = rocksdb::DB::Properties;
  return property(db, properties::kBackgroundErrors) == 0 &&
         property(db, properties::kNumRunningCompactions) +
                 property(db, properties::kCompactionPending) >
             0;
}

} // namespace

void compaction_watch::wait_for_room(rocksdb::DB& db, std::uint64_t tables_max) {
  std::unique_lock waiting(lock_);
  for (;;) {
    const std::uint64_t before = completed_;
    waiting.unlock(); // RocksDB may hold its own lock while it waits for this one
    if (tables_in_level_0(db) < tables_max || !compacts(db))
      return;
    waiting.lock();
    one_more_.wait_for(waiting, look_again, [&] { return completed_ != before; });
  }
}

void compaction_watch::OnCompactionCompleted(rocksdb::DB*,
                                             const rocksdb::CompactionJobInfo&) {
  {
    const std::scoped_lock counting(lock_);
    ++completed_;
  }
  one_more_.notify_all();
}

} // namespace weir
