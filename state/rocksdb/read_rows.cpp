#include "state/rocksdb/read_rows.hpp"

#include "serialization/check.hpp"
#include "state/rocksdb/check.hpp"
#include "state/rocksdb/key_slices.hpp"
#include "state/rocksdb/tuning.hpp"

#include <fmt/format.h>

#include <cstring>
#include <vector>

namespace weir {

namespace fs = std::filesystem;

namespace {

void check_sizes(const row_sizes& found, const row_shape& declared,
                 const fs::path& directory) {
  if (!declared || found == *declared)
    return;
  throw error(failure::restore_refused,
              fmt::format("cannot restore into '{}': the checkpoint has rows of {} + {} "
                          "bytes (key + value) and the job declares {} + {}; restore "
                          "with the job that wrote it",
                          directory.string(), found.key, found.value, declared->key,
                          declared->value));
}

void append_row(const rocksdb::Slice& key, const rocksdb::Slice& value,
                const fs::path& directory, encoded_rows& out) {
  const row_sizes sizes{key.size(), value.size()};
  check_sizes(sizes, out.shape(), directory);
  std::byte* row = out.append(sizes);
  std::memcpy(row, key.data(), key.size());
  std::memcpy(row + key.size(), value.data(), value.size());
}

// Borrows the database.
class database_cursor final : public row_cursor {
public:
  database_cursor(rocksdb::DB& db, const fs::path& directory, key_group_range groups)
      : directory_(directory), first_(groups.first), end_(groups.last + 1U) {
    rocksdb::ReadOptions options = scan_options();
    options.iterate_lower_bound = first_.get();
    options.iterate_upper_bound = end_.get();
    rows_.reset(db.NewIterator(options));
    rows_->SeekToFirst();
  }

  bool read(encoded_rows& out, std::size_t rows_max) override {
    for (std::size_t i = 0; i < rows_max && rows_->Valid(); ++i, rows_->Next())
      append_row(rows_->key(), rows_->value(), directory_, out);
    check(rows_->status(), "read the restored database in", directory_,
          failure::restore_refused);
    return rows_->Valid();
  }

private:
  fs::path directory_;
  group_bound first_;
  group_bound end_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

// Some keys that are looked for at a time, ascending: they share the blocks that they
// have in common, and what pins memory meanwhile is bounded.
class key_batch {
public:
  bool full() const noexcept { return count_ == keys_max; }
  bool empty() const noexcept { return count_ == 0; }
  void add(const rocksdb::Slice& key) { keys_[count_++] = key; }

  /// Keys whose values were too large to come along stay.
  void find(rocksdb::DB& db, const fs::path& directory, encoded_rows& found) {
    db.MultiGet(options_, db.DefaultColumnFamily(), count_, keys_.data(), values_.data(),
                statuses_.data(), /*sorted_input=*/true);
    const std::size_t asked = std::exchange(count_, 0);
    for (std::size_t i = 0; i < asked; ++i) {
      if (statuses_[i].IsAborted()) {
        add(keys_[i]);
      } else if (!statuses_[i].IsNotFound()) {
        check(statuses_[i], "read rows of", directory);
        append_row(keys_[i], values_[i], directory, found);
      }
      values_[i].Reset();
    }
    WEIR_CHECK(count_ < asked);
  }

private:
  static constexpr std::size_t keys_max = 128;

  rocksdb::ReadOptions options_ = key_read_options();
  std::size_t count_ = 0;
  std::vector<rocksdb::Slice> keys_{keys_max};
  std::vector<rocksdb::PinnableSlice> values_{keys_max};
  std::vector<rocksdb::Status> statuses_{keys_max};
};

} // namespace

std::unique_ptr<row_cursor> scan_rows(rocksdb::DB& db, const fs::path& directory,
                                      key_group_range groups) {
  return std::make_unique<database_cursor>(db, directory, groups);
}

void find_rows(rocksdb::DB& db, const fs::path& directory, const encoded_rows& wanted,
               std::span<const std::uint32_t> order, encoded_rows& found) {
  key_batch batch;
  for (const std::uint32_t row : order) {
    batch.add(slice(wanted.key(row)));
    if (batch.full())
      batch.find(db, directory, found);
  }
  while (!batch.empty())
    batch.find(db, directory, found);
}

} // namespace weir
