// How rows come out of a RocksDB database: all of them in the order of their keys, or
// some by key. What is read goes into rows of the shape that the job declares, or is
// refused.
#pragma once

#include "state/backend.hpp"

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <span>

namespace weir {

/// Those of `groups`. Borrows the database, which is in `directory`.
std::unique_ptr<row_cursor> scan_rows(rocksdb::DB& db,
                                      const std::filesystem::path& directory,
                                      key_group_range groups);

/// Appends to `found` those that there are. `order`: rows of `wanted`, ascending by key,
/// no key twice. For any thread.
void find_rows(rocksdb::DB& db, const std::filesystem::path& directory,
               const encoded_rows& wanted, std::span<const std::uint32_t> order,
               encoded_rows& found);

} // namespace weir
