// What compaction leaves out: rows that do not count, because their key groups belong to
// other subtasks now, and rows that have expired. RocksDB calls it on threads of its own.
#pragma once

#include "state/key_group.hpp"
#include "state/time.hpp"

#include <rocksdb/compaction_filter.h>

#include <atomic>
#include <memory>

namespace weir {

/// How late it is for rows that expire: told by the uploader, read by compactions.
class expiry_clock {
public:
  void tell(processing_time now) noexcept {
    now_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  }
  processing_time now() const noexcept {
    return processing_time(
        processing_time::duration(now_.load(std::memory_order_relaxed)));
  }

private:
  std::atomic<processing_time::rep> now_{
      processing_time::min().time_since_epoch().count()};
};

/// `clock` is null where no row expires. Null if there is nothing to leave out.
std::shared_ptr<rocksdb::CompactionFilterFactory>
row_filter(key_group_range groups, std::shared_ptr<const expiry_clock> clock);

} // namespace weir
