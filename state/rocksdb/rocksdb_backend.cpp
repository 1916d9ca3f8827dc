#include "state/rocksdb/rocksdb_backend.hpp"

#include "serialization/check.hpp"
#include "serialization/crash_point.hpp"
#include "state/rocksdb/read_keyed_file.hpp"
#include "state/rocksdb/rocksdb_database.hpp"
#include "state/row_key.hpp"
#include "state/run_order.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

/// One database after the other.
class joined_cursor final : public row_cursor {
public:
  explicit joined_cursor(std::vector<std::unique_ptr<row_cursor>> cursors)
      : cursors_(std::move(cursors)) {}

  bool read(encoded_rows& out, std::size_t rows_max) override {
    while (at_ < cursors_.size()) {
      if (cursors_[at_]->read(out, rows_max - out.rows()))
        return true;
      cursors_[at_++].reset();
      if (out.rows() == rows_max)
        break;
    }
    return at_ < cursors_.size();
  }

private:
  std::vector<std::unique_ptr<row_cursor>> cursors_;
  std::size_t at_ = 0;
};

using database_list = std::vector<std::unique_ptr<rocksdb_database>>; // by group

// The databases of a subtask. The uploader alone changes the list, so it looks at it
// without locking; readers keep it as it is while they read.
class open_databases {
public:
  const database_list& list() const noexcept { return list_; }

  void add(std::unique_ptr<rocksdb_database> database) {
    const auto behind =
        std::ranges::upper_bound(list_, database->groups().first, {},
                                 [](const auto& each) { return each->groups().first; });
    const std::unique_lock changing(lock_);
    list_.insert(behind, std::move(database));
  }
  /// Returns those that were there, which nobody reads any more.
  database_list replace(database_list by) {
    const std::unique_lock changing(lock_);
    return std::exchange(list_, std::move(by));
  }
  database_list close() {
    const std::unique_lock changing(lock_);
    closed_ = true;
    return std::exchange(list_, {});
  }

  /// False if they are closed: then `visit` is not called.
  template <class Visit>
  bool visit_each(Visit visit) {
    const std::shared_lock reading(lock_);
    for (const auto& database : list_)
      visit(*database);
    return !closed_;
  }

private:
  std::shared_mutex lock_;
  database_list list_;
  bool closed_ = false;
};

class rocksdb_reader final : public row_reader {
public:
  explicit rocksdb_reader(std::shared_ptr<open_databases> databases)
      : databases_(std::move(databases)) {}

  bool read(const encoded_rows& wanted, encoded_rows& found) override {
    const std::vector<std::uint32_t> order = distinct_keys(wanted);
    const auto group_of = [&](std::uint32_t row) {
      return group_of_row(wanted.key(row));
    };
    return databases_->visit_each([&](rocksdb_database& database) {
      const auto [first, last] = database.groups();
      const auto begin = std::ranges::lower_bound(order, first, {}, group_of);
      const auto end = std::ranges::upper_bound(begin, order.end(), last, {}, group_of);
      database.find(wanted, {begin, end}, found);
    });
  }

private:
  /// A row for each key, ascending by key.
  static std::vector<std::uint32_t> distinct_keys(const encoded_rows& rows) {
    std::vector<std::uint32_t> order = run_order(rows);
    const auto same_key = [&](std::uint32_t a, std::uint32_t b) {
      return std::ranges::equal(rows.key(a), rows.key(b));
    };
    order.erase(std::unique(order.begin(), order.end(), same_key), order.end());
    return order;
  }

  std::shared_ptr<open_databases> databases_;
};

class rocksdb_backend final : public backend {
public:
  rocksdb_backend(const fs::path& directory, const rocksdb_settings& settings)
      : directory_(directory),
        clock_(settings.rows_expire ? std::make_shared<expiry_clock>() : nullptr),
        setup_{clock_, reads_,
               settings.cache_bytes > 0 ? block_cache(settings.cache_bytes) : nullptr,
               std::make_shared<compaction_watch>(), settings.direct_reads} {}
  ~rocksdb_backend() override { databases_->close(); }

  void take_over(const keyed_origin& origin);

  void ingest(const encoded_run& run) override;
  keyed_handle snapshot(const fs::path& checkpoint_dir, const fs::path& shared_dir,
                        const std::string& file_name) override;
  std::unique_ptr<row_cursor> scan() override;
  std::shared_ptr<row_reader> reader() override;
  void expire(processing_time now) override {
    if (clock_)
      clock_->tell(now);
  }

private:
  fs::path new_directory();
  void start_afresh(const encoded_run& run);
  void cover(const encoded_run& run);

  fs::path directory_;
  std::shared_ptr<expiry_clock> clock_; // null: no row expires
  std::shared_ptr<key_reads> reads_ = std::make_shared<key_reads>();
  database_setup setup_;
  std::uint32_t directories_ = 0; // made so far
  std::shared_ptr<open_databases> databases_ = std::make_shared<open_databases>();
};

fs::path rocksdb_backend::new_directory() {
  const fs::path path = directory_ / std::to_string(directories_++);
  std::error_code failed;
  fs::create_directory(path, failed);
  if (failed)
    throw_file_error(failure::job_failed, "create directory", path, failed.value());
  return path;
}

/// The groups of a run for which there is no database get one.
void rocksdb_backend::cover(const encoded_run& run) {
  std::vector<key_group_range> gaps;
  std::uint32_t next = 0;
  const auto gap_until = [&](std::uint32_t end) {
    if (next < end)
      gaps.push_back({static_cast<key_group>(next), static_cast<key_group>(end - 1)});
  };
  for (const auto& database : databases_->list()) {
    gap_until(database->groups().first);
    next = database->groups().last + 1U;
  }
  gap_until(last_key_group + 1U);
  for (const key_group_range& gap : gaps)
    if (run.has_rows_in(gap))
      databases_->add(std::make_unique<rocksdb_database>(new_directory(), gap, setup_));
}

/// Whatever the databases say is out of date: one with the run takes their place. Readers
/// see the one or the other. Opening one takes some tens of ms where fsync is slow, so
/// this is not for tables of which every row changes from one checkpoint to the next.
void rocksdb_backend::start_afresh(const encoded_run& run) {
  database_list fresh;
  fresh.push_back(
      std::make_unique<rocksdb_database>(new_directory(), key_group_range{}, setup_));
  fresh.front()->ingest(run);
  for (const auto& old : databases_->replace(std::move(fresh))) {
    const fs::path directory = old->directory();
    old->close();
    std::error_code left;
    fs::remove_all(directory, left);
  }
}

void rocksdb_backend::ingest(const encoded_run& run) {
  if (run.empty())
    return;
  const database_list& databases = databases_->list();
  const bool in_place =
      databases.empty() || (databases.size() == 1 && databases.front()->can_be_emptied());
  if (run.whole() && !in_place) {
    start_afresh(run);
    return;
  }
  cover(run);
  for (const auto& database : databases)
    database->ingest(run);
}

keyed_handle rocksdb_backend::snapshot(const fs::path& checkpoint_dir,
                                       const fs::path& shared_dir,
                                       const std::string& file_name) {
  keyed_handle handle;
  keyed_file keyed;
  bool name_added = false;
  for (const auto& database : databases_->list())
    keyed.databases.push_back(
        database->share_files(shared_dir, handle.shared, name_added));
  if (name_added)
    fsync_directory(shared_dir);
  crash_point("upload.names-synced");
  for (const auto& database : databases_->list())
    database->names_are_durable();
  const std::vector<std::byte> bytes = encode_keyed_file(keyed);
  write_file_durably(checkpoint_dir / file_name, bytes);
  crash_point("upload.keyed-written");
  handle.file = {.name = file_name, .size = bytes.size(), .sum = checksum_of(bytes)};
  return handle;
}

std::unique_ptr<row_cursor> rocksdb_backend::scan() {
  std::vector<std::unique_ptr<row_cursor>> cursors;
  for (const auto& database : databases_->list())
    cursors.push_back(database->scan());
  return std::make_unique<joined_cursor>(std::move(cursors));
}

std::shared_ptr<row_reader> rocksdb_backend::reader() {
  reads_->begin();
  return std::make_shared<rocksdb_reader>(databases_);
}

void rocksdb_backend::take_over(const keyed_origin& origin) {
  for (const keyed_source& source : origin.sources) {
    const keyed_file keyed = read_keyed_file(origin.checkpoint_dir, source.handle);
    for (const keyed_database& database : keyed.databases) {
      const key_group_range groups{std::max(database.first_group, source.groups.first),
                                   std::min(database.last_group, source.groups.last)};
      if (groups.first > groups.last)
        continue;
      if (origin.sources.size() > 1)
        crash_point("rescale.joined");
      databases_->add(
          std::make_unique<rocksdb_database>(new_directory(), origin.shared_dir, database,
                                             source.handle.shared, groups, setup_));
    }
  }
}

} // namespace

std::unique_ptr<backend> open_rocksdb_backend(const fs::path& directory,
                                              const rocksdb_settings& settings) {
  return std::make_unique<rocksdb_backend>(directory, settings);
}

std::unique_ptr<backend> open_rocksdb_backend(const fs::path& directory,
                                              const keyed_origin& origin,
                                              const rocksdb_settings& settings) {
  auto opened = std::make_unique<rocksdb_backend>(directory, settings);
  opened->take_over(origin);
  return opened;
}

} // namespace weir
