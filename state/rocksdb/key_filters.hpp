// Filters by which most tables say at once that they do not have a key. Writing them
// costs a checkpoint CPU, so tables get one only since somebody reads rows by key.
#pragma once

#include <rocksdb/filter_policy.h>

#include <atomic>
#include <memory>

namespace weir {

/// Whether anybody reads rows by key: told by who begins, read by who writes tables.
class key_reads {
public:
  void begin() noexcept { begun_.store(true, std::memory_order_relaxed); }
  bool begun() const noexcept { return begun_.load(std::memory_order_relaxed); }

private:
  std::atomic<bool> begun_{false};
};

/// RocksDB's bloom filters, in tables that are written since `reads` have begun. Null
/// where they never will.
std::shared_ptr<const rocksdb::FilterPolicy>
key_filters(std::shared_ptr<const key_reads> reads);

} // namespace weir
