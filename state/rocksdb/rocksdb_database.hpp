// One RocksDB database of a subtask, and the key groups that count in it. Runs come in as
// sorted SST files by ingestion; its files are shared by hard links under the name of
// their content. Only rocksdb_backend.cpp uses it, on the uploader's thread, but for
// find().
#pragma once

#include "serialization/capnp/keyed_file_format.hpp"
#include "state/backend.hpp"
#include "state/rocksdb/tuning.hpp"

#include <rocksdb/db.h>

#include <map>
#include <shared_mutex>

namespace weir {

class rocksdb_database {
public:
  /// An empty one in `directory`, which exists and is empty.
  rocksdb_database(const std::filesystem::path& directory, key_group_range groups,
                   database_setup setup);
  /// That of a snapshot: the SSTs that it names in `shared_dir`, of which `shared` has
  /// the sizes and sums, hard-linked (copied across file systems) into `directory`. Of
  /// its rows only those of `groups` count.
  rocksdb_database(const std::filesystem::path& directory,
                   const std::filesystem::path& shared_dir, const keyed_database& saved,
                   const std::vector<file_handle>& shared, key_group_range groups,
                   database_setup setup);
  /// Waits for a running compaction, whose outcome does not matter any more.
  ~rocksdb_database();

  /// Nothing but the destructor may be called afterwards.
  void close() noexcept;

  const std::filesystem::path& directory() const noexcept { return directory_; }
  key_group_range groups() const noexcept { return groups_; }

  /// The rows of its groups. Waits where compactions are far behind. Where a whole run
  /// takes the place of all rows, find() sees these or those.
  void ingest(const encoded_run& run);
  /// Whether a whole run would leave none of the older tables, as things are now.
  bool can_be_emptied() const;
  /// Gives its live files their names in `shared_dir` and adds them to `shared`. True if
  /// the directory has to be made durable.
  keyed_database share_files(const std::filesystem::path& shared_dir,
                             std::vector<file_handle>& shared, bool& name_added);
  /// The names that it gave are durable now.
  void names_are_durable() noexcept;
  /// Of the rows that count. Destroy it before the database.
  std::unique_ptr<row_cursor> scan();
  /// Appends to `found` those of its rows that there are. `order`: rows of `wanted`, all
  /// of its groups, ascending by key, no key twice. For any thread.
  void find(const encoded_rows& wanted, std::span<const std::uint32_t> order,
            encoded_rows& found);

private:
  // What is known of a live SST, by its file number: its content never changes.
  struct known_table {
    file_handle handle;
    bool name_durable = false; // somebody has fsynced a shared/ that contained it
  };

  void drop_foreign_tables();
  void drop_tables();
  bool write_table(const encoded_run& run, const std::filesystem::path& path) const;
  known_table& know(const rocksdb::LiveFileStorageInfo& file);

  std::filesystem::path directory_;
  key_group_range groups_;
  database_setup setup_;
  std::unique_ptr<rocksdb::DB> db_;
  std::map<std::uint64_t, known_table> known_;
  std::shared_mutex rows_; // exclusively: between the old tables and the run of all rows
};

} // namespace weir
