// What compaction leaves out: rows that do not count, because their key groups belong to
// other subtasks now. RocksDB calls it on threads of its own.
#pragma once

#include "state/key_group.hpp"

#include <rocksdb/compaction_filter.h>

#include <memory>

namespace weir {

/// Null if there is nothing to leave out.
std::shared_ptr<rocksdb::CompactionFilterFactory> row_filter(key_group_range groups);

} // namespace weir
