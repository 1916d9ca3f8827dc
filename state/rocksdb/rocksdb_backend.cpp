#include "state/rocksdb/rocksdb_backend.hpp"

#include "serialization/check.hpp"
#include "serialization/envelope.hpp"
#include "state/checkpoint_directory.hpp"
#include "state/rocksdb/rocksdb_database.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
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

class rocksdb_backend final : public backend {
public:
  rocksdb_backend(const fs::path& directory, bool rows_expire)
      : directory_(directory),
        clock_(rows_expire ? std::make_shared<expiry_clock>() : nullptr) {}

  void take_over(const keyed_origin& origin);

  void ingest(const encoded_run& run) override;
  keyed_handle snapshot(const fs::path& checkpoint_dir, const fs::path& shared_dir,
                        const std::string& file_name) override;
  std::unique_ptr<row_cursor> scan() override;
  void expire(processing_time now) override {
    if (clock_)
      clock_->tell(now);
  }

private:
  fs::path new_directory();
  void add(std::unique_ptr<rocksdb_database> database);
  void start_afresh();
  void cover(const encoded_run& run);

  fs::path directory_;
  std::shared_ptr<expiry_clock> clock_;                      // null: no row expires
  std::uint32_t directories_ = 0;                            // made so far
  std::vector<std::unique_ptr<rocksdb_database>> databases_; // ascending by group
};

fs::path rocksdb_backend::new_directory() {
  const fs::path path = directory_ / std::to_string(directories_++);
  std::error_code failed;
  fs::create_directory(path, failed);
  if (failed)
    throw_file_error(failure::job_failed, "create directory", path, failed.value());
  return path;
}

void rocksdb_backend::add(std::unique_ptr<rocksdb_database> database) {
  const auto behind =
      std::ranges::upper_bound(databases_, database->groups().first, {},
                               [](const auto& each) { return each->groups().first; });
  databases_.insert(behind, std::move(database));
}

/// The groups of a run for which there is no database get one.
void rocksdb_backend::cover(const encoded_run& run) {
  std::vector<key_group_range> gaps;
  std::uint32_t next = 0;
  const auto gap_until = [&](std::uint32_t end) {
    if (next < end)
      gaps.push_back({static_cast<key_group>(next), static_cast<key_group>(end - 1)});
  };
  for (const auto& database : databases_) {
    gap_until(database->groups().first);
    next = database->groups().last + 1U;
  }
  gap_until(last_key_group + 1U);
  for (const key_group_range& gap : gaps)
    if (run.has_rows_in(gap))
      add(std::make_unique<rocksdb_database>(new_directory(), gap, clock_));
}

/// Whatever the databases say is out of date: one takes their place.
void rocksdb_backend::start_afresh() {
  for (const auto& old : std::exchange(databases_, {})) {
    const fs::path directory = old->directory();
    old->close();
    std::error_code left;
    fs::remove_all(directory, left);
  }
}

void rocksdb_backend::ingest(const encoded_run& run) {
  if (run.empty())
    return;
  if (run.whole() && databases_.size() > 1)
    start_afresh();
  cover(run);
  for (const auto& database : databases_)
    database->ingest(run);
}

keyed_handle rocksdb_backend::snapshot(const fs::path& checkpoint_dir,
                                       const fs::path& shared_dir,
                                       const std::string& file_name) {
  keyed_handle handle;
  keyed_file keyed;
  bool name_added = false;
  for (const auto& database : databases_)
    keyed.databases.push_back(
        database->share_files(shared_dir, handle.shared, name_added));
  if (name_added)
    fsync_directory(shared_dir);
  for (const auto& database : databases_)
    database->names_are_durable();
  const std::vector<std::byte> bytes = encode_keyed_file(keyed);
  write_file_durably(checkpoint_dir / file_name, bytes);
  handle.file = {.name = file_name, .size = bytes.size(), .sum = checksum_of(bytes)};
  return handle;
}

std::unique_ptr<row_cursor> rocksdb_backend::scan() {
  std::vector<std::unique_ptr<row_cursor>> cursors;
  for (const auto& database : databases_)
    cursors.push_back(database->scan());
  return std::make_unique<joined_cursor>(std::move(cursors));
}

keyed_file read_keyed_file(const fs::path& checkpoint_dir, const keyed_handle& handle) {
  const std::string path = (checkpoint_dir / handle.file.name).string();
  keyed_file keyed =
      decode_keyed_file(read_checkpoint_file(checkpoint_dir, handle.file), path);
  std::set<std::string> named;
  for (const file_handle& file : handle.shared)
    named.insert(file.name);
  std::set<std::string> used;
  for (const keyed_database& database : keyed.databases) {
    for (const saved_table& table : database.tables)
      used.insert(table.shared);
    if (database.current != database.manifest_name + "\n")
      used.insert({}); // which nobody has named
  }
  if (named != used)
    refuse_restore(path, "contradicts the checkpoint's _metadata");
  return keyed;
}

void rocksdb_backend::take_over(const keyed_origin& origin) {
  for (const keyed_source& source : origin.sources) {
    const keyed_file keyed = read_keyed_file(origin.checkpoint_dir, source.handle);
    for (const keyed_database& database : keyed.databases) {
      const key_group_range groups{std::max(database.first_group, source.groups.first),
                                   std::min(database.last_group, source.groups.last)};
      if (groups.first <= groups.last)
        add(std::make_unique<rocksdb_database>(new_directory(), origin.shared_dir,
                                               database, source.handle.shared, groups,
                                               clock_));
    }
  }
}

} // namespace

std::unique_ptr<backend> open_rocksdb_backend(const fs::path& directory,
                                              bool rows_expire) {
  return std::make_unique<rocksdb_backend>(directory, rows_expire);
}

std::unique_ptr<backend> open_rocksdb_backend(const fs::path& directory,
                                              const keyed_origin& origin,
                                              bool rows_expire) {
  auto opened = std::make_unique<rocksdb_backend>(directory, rows_expire);
  opened->take_over(origin);
  return opened;
}

} // namespace weir
