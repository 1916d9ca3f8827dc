#include "state/rocksdb/rocksdb_backend.hpp"

#include "serialization/capnp/keyed_file_format.hpp"
#include "serialization/check.hpp"
#include "serialization/envelope.hpp"
#include "state/rocksdb/check.hpp"
#include "state/rocksdb/tuning.hpp"
#include "state/run_order.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/metadata.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/version.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <set>
#include <system_error>
#include <utility>

namespace weir {

namespace fs = std::filesystem;

namespace {

rocksdb::Slice slice(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What is known of a live SST, by its file number: its content never changes.
struct known_table {
  file_handle handle;
  bool name_durable = false; // this backend has fsynced a shared/ that contained it
};
using known_tables = std::map<std::uint64_t, known_table>;

// While it lives, RocksDB removes no file, so the listed ones can be read and linked.
class deletions_paused {
public:
  deletions_paused(rocksdb::DB& db, const fs::path& directory) : db_(db) {
    check(db_.DisableFileDeletions(), "keep the files of the database in", directory);
  }
  ~deletions_paused() {
#if ROCKSDB_MAJOR < 9
    db_.EnableFileDeletions(/*force=*/false).PermitUncheckedError();
#else
    db_.EnableFileDeletions().PermitUncheckedError();
#endif
  }
  deletions_paused(const deletions_paused&) = delete;
  deletions_paused& operator=(const deletions_paused&) = delete;

private:
  rocksdb::DB& db_;
};

// Borrows the database: destroy the cursor first.
class rocksdb_cursor final : public row_cursor {
public:
  rocksdb_cursor(rocksdb::DB& db, const fs::path& directory)
      : directory_(directory), rows_(db.NewIterator(scan_options())) {
    rows_->SeekToFirst();
  }

  bool read(encoded_rows& out, std::size_t rows_max) override {
    for (std::size_t i = 0; i < rows_max && rows_->Valid(); ++i, rows_->Next()) {
      const rocksdb::Slice key = rows_->key();
      const rocksdb::Slice value = rows_->value();
      const row_sizes sizes{key.size(), value.size()};
      check_sizes(sizes, out.shape());
      std::byte* row = out.append(sizes);
      std::memcpy(row, key.data(), key.size());
      std::memcpy(row + key.size(), value.data(), value.size());
    }
    check(rows_->status(), "read the restored database in", directory_,
          failure::restore_refused);
    return rows_->Valid();
  }

private:
  void check_sizes(const row_sizes& found, const row_shape& declared) const {
    if (!declared || found == *declared)
      return;
    throw error(
        failure::restore_refused,
        fmt::format("cannot restore into '{}': the checkpoint has rows of {} + {} "
                    "bytes (key + value) and the job declares {} + {}; restore with "
                    "the job that wrote it",
                    directory_.string(), found.key, found.value, declared->key,
                    declared->value));
  }

  fs::path directory_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

void write_rows(const encoded_rows& rows, rocksdb::SstFileWriter& writer,
                const fs::path& path) {
  constexpr std::size_t rows_ahead = 24; // they lie in random order
  const std::vector<std::uint32_t> order = run_order(rows);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + rows_ahead < order.size())
      __builtin_prefetch(rows.key(order[i + rows_ahead]).data());
    const std::uint32_t row = order[i];
    const rocksdb::Slice key = slice(rows.key(row));
    check(rows.removed(row) ? writer.Delete(key)
                            : writer.Put(key, slice(rows.value(row))),
          "write rows to", path);
  }
}

class rocksdb_backend final : public backend {
public:
  rocksdb_backend(const fs::path& directory, std::unique_ptr<rocksdb::DB> db,
                  known_tables known)
      : directory_(directory), db_(std::move(db)), known_(std::move(known)) {}

  // Waits for a running compaction; the attempt is over, so its outcome does not matter.
  ~rocksdb_backend() override { db_->Close().PermitUncheckedError(); }

  void ingest(const encoded_run& run) override;
  keyed_handle snapshot(const fs::path& checkpoint_dir, const fs::path& shared_dir,
                        const std::string& file_name) override;
  std::unique_ptr<row_cursor> scan() override {
    return std::make_unique<rocksdb_cursor>(*db_, directory_);
  }

private:
  void write_table(const encoded_run& run, const fs::path& path) const;
  void drop_tables();
  keyed_file share_live_files(const fs::path& shared_dir,
                              std::vector<file_handle>& shared);
  known_table& know(const rocksdb::LiveFileStorageInfo& file);

  fs::path directory_;
  std::unique_ptr<rocksdb::DB> db_;
  known_tables known_;
};

void rocksdb_backend::ingest(const encoded_run& run) {
  if (run.empty())
    return;
  // Not a name that RocksDB gives to a file, so it never removes or reuses it.
  const fs::path path = directory_ / "run.sst";
  std::error_code absent;
  fs::remove(path, absent); // a failed ingest may have left it, even linked
  write_table(run, path);
  if (run.whole())
    drop_tables();
  // RocksDB links the file under a number, fsyncs it and removes our name.
  check(db_->IngestExternalFile({path.string()}, ingest_options()), "ingest rows into",
        directory_);
}

// Cheaper than merging them with a run that says everything anew. Tables in level 0 or
// under compaction stay; then the run goes above them, like any other.
void rocksdb_backend::drop_tables() {
  const rocksdb::RangePtr everything;
  check(
      rocksdb::DeleteFilesInRanges(db_.get(), db_->DefaultColumnFamily(), &everything, 1),
      "drop old rows of", directory_);
}

void rocksdb_backend::write_table(const encoded_run& run, const fs::path& path) const {
  const rocksdb::Options options = database_options(false);
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(options), options, nullptr,
                                /*invalidate_page_cache=*/false);
  check(writer.Open(path.string()), "create", path);
  for (const encoded_rows& part : run.parts())
    write_rows(part, writer, path);
  check(writer.Finish(), "make durable", path); // ends with fsync
}

known_table& rocksdb_backend::know(const rocksdb::LiveFileStorageInfo& file) {
  const auto found = known_.find(file.file_number);
  if (found != known_.end())
    return found->second;
  const measured_file measured =
      measure_file(directory_ / file.relative_filename, failure::job_failed);
  WEIR_CHECK(measured.size == file.size);
  known_table table{.handle = {.name = measured.sum.hex() + ".sst",
                               .size = measured.size,
                               .sum = measured.sum},
                    .name_durable = false};
  return known_.emplace(file.file_number, std::move(table)).first->second;
}

// RocksDB fsyncs what it ingests and what it compacts before the MANIFEST names it, so
// the content of a live SST is durable; only its new name is left to us.
keyed_file rocksdb_backend::share_live_files(const fs::path& shared_dir,
                                             std::vector<file_handle>& shared) {
  const deletions_paused pause(*db_, directory_);
  std::vector<rocksdb::LiveFileStorageInfo> files;
  check(db_->GetLiveFilesStorageInfo(live_files_options(), &files),
        "list the files of the database in", directory_);
  std::ranges::sort(files, {}, &rocksdb::LiveFileStorageInfo::relative_filename);
  keyed_file result;
  known_tables live;
  bool name_added = false;
  for (const auto& file : files) {
    if (file.file_type == rocksdb::kTableFile) {
      known_table& table = know(file);
      // Also when known: an abandoned checkpoint's names may have been pruned since.
      const auto outcome =
          link_or_copy(directory_ / file.relative_filename,
                       shared_dir / table.handle.name, failure::job_failed);
      // A name that existed may not be durable: its writer may have died before fsync.
      name_added |= outcome != link_outcome::existed || !table.name_durable;
      result.tables.push_back({file.relative_filename, table.handle.name});
      shared.push_back(table.handle);
      live.emplace(file.file_number, table);
    } else if (file.file_type == rocksdb::kDescriptorFile) {
      result.manifest_name = file.relative_filename;
      result.manifest = read_file_prefix(directory_ / file.relative_filename, file.size,
                                         failure::job_failed);
    } else if (file.file_type == rocksdb::kCurrentFile) {
      result.current = file.replacement_contents;
    } // options are rebuilt at open, the WAL is empty
  }
  if (name_added)
    fsync_directory(shared_dir);
  for (auto& [number, table] : live)
    table.name_durable = true;
  known_ = std::move(live);
  return result;
}

keyed_handle rocksdb_backend::snapshot(const fs::path& checkpoint_dir,
                                       const fs::path& shared_dir,
                                       const std::string& file_name) {
  keyed_handle handle;
  const keyed_file keyed = share_live_files(shared_dir, handle.shared);
  WEIR_CHECK(keyed.current == keyed.manifest_name + "\n");
  const std::vector<std::byte> bytes = encode_keyed_file(keyed);
  write_file_durably(checkpoint_dir / file_name, bytes);
  handle.file = {.name = file_name, .size = bytes.size(), .sum = checksum_of(bytes)};
  return handle;
}

std::unique_ptr<rocksdb::DB> open_database(const fs::path& directory, bool fresh,
                                           failure kind) {
  rocksdb::DB* opened = nullptr;
  const auto status =
      rocksdb::DB::Open(database_options(fresh), directory.string(), &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  check(status, "open the database in", directory, kind);
  return db;
}

keyed_file read_keyed_file(const fs::path& path, const keyed_handle& handle) {
  const std::vector<std::byte> bytes = read_file(path, failure::restore_refused);
  const checksum sum = checksum_of(bytes);
  if (sum != handle.file.sum)
    refuse_restore(path.string(),
                   fmt::format("is not the file that the checkpoint names: its checksum "
                               "should be {} and is {}",
                               handle.file.sum.hex(), sum.hex()));
  keyed_file keyed = decode_keyed_file(bytes, path.string());
  std::set<std::string> named;
  for (const file_handle& file : handle.shared)
    named.insert(file.name);
  std::set<std::string> used;
  for (const keyed_table& table : keyed.tables)
    used.insert(table.shared);
  if (named != used || keyed.current != keyed.manifest_name + "\n")
    refuse_restore(path.string(), "contradicts the checkpoint's _metadata");
  return keyed;
}

// The number in `000012.sst`.
std::uint64_t table_number(const std::string& name, const fs::path& keyed_path) {
  std::uint64_t number = 0;
  const char* end = name.data() + name.size();
  const auto [rest, status] = std::from_chars(name.data(), end, number);
  if (status != std::errc{} || std::string_view(rest, end) != ".sst")
    refuse_restore(keyed_path.string(), fmt::format("names a table '{}'", name));
  return number;
}

} // namespace

std::unique_ptr<backend> open_rocksdb_backend(const fs::path& directory) {
  return std::make_unique<rocksdb_backend>(
      directory, open_database(directory, /*fresh=*/true, failure::job_failed),
      known_tables{});
}

std::unique_ptr<backend> open_rocksdb_backend(const fs::path& directory,
                                              const fs::path& checkpoint_dir,
                                              const fs::path& shared_dir,
                                              const keyed_handle& handle) {
  const fs::path keyed_path = checkpoint_dir / handle.file.name;
  const keyed_file keyed = read_keyed_file(keyed_path, handle);
  std::map<std::string, file_handle> by_name;
  for (const file_handle& file : handle.shared)
    by_name.emplace(file.name, file);
  known_tables known;
  for (const keyed_table& table : keyed.tables) {
    const std::uint64_t number = table_number(table.local, keyed_path);
    link_or_copy(shared_dir / table.shared, directory / table.local,
                 failure::restore_refused);
    known.emplace(number,
                  known_table{.handle = by_name.at(table.shared), .name_durable = false});
  }
  write_file_durably(directory / keyed.manifest_name, keyed.manifest);
  write_file_durably(directory / "CURRENT", std::as_bytes(std::span(keyed.current)));
  return std::make_unique<rocksdb_backend>(
      directory, open_database(directory, /*fresh=*/false, failure::restore_refused),
      std::move(known));
}

} // namespace weir
