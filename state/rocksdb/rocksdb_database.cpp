#include "state/rocksdb/rocksdb_database.hpp"

#include "serialization/check.hpp"
#include "serialization/crash_point.hpp"
#include "serialization/deliberate_fault.hpp"
#include "serialization/envelope.hpp"
#include "state/rocksdb/check.hpp"
#include "state/rocksdb/key_slices.hpp"
#include "state/rocksdb/read_rows.hpp"
#include "state/rocksdb/tuning.hpp"
#include "state/row_key.hpp"
#include "state/run_order.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/metadata.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/version.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <system_error>
#include <utility>

namespace weir {

namespace fs = std::filesystem;

namespace {

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

// The rows of one part that are in `groups`; returns how many.
std::size_t write_rows(const encoded_rows& rows, bool all, key_group_range groups,
                       rocksdb::SstFileWriter& writer, const fs::path& path) {
  constexpr std::size_t rows_ahead = 24; // they lie in random order
  const std::vector<std::uint32_t> order = run_order(rows);
  std::size_t written = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + rows_ahead < order.size())
      __builtin_prefetch(rows.key(order[i + rows_ahead]).data());
    const std::uint32_t row = order[i];
    const auto key = rows.key(row);
    if (!all && !groups.has(group_of_row(key)))
      continue;
    if (fault("row.lost-after-seal") && i == 0 && order.size() > 1)
      continue;
    check(rows.removed(row) ? writer.Delete(slice(key))
                            : writer.Put(slice(key), slice(rows.value(row))),
          "write rows to", path);
    ++written;
  }
  return written;
}

std::unique_ptr<rocksdb::DB>
open_database(const fs::path& directory, const rocksdb::Options& options, failure kind) {
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(options, directory.string(), &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  check(status, "open the database in", directory, kind);
  return db;
}

// The number in `000012.sst`.
std::uint64_t table_number(const std::string& name, const fs::path& directory) {
  std::uint64_t number = 0;
  const char* end = name.data() + name.size();
  const auto [rest, status] = std::from_chars(name.data(), end, number);
  if (status != std::errc{} || std::string_view(rest, end) != ".sst")
    refuse_restore(directory.string(), fmt::format("is to have a table '{}'", name));
  return number;
}

} // namespace

rocksdb_database::rocksdb_database(const fs::path& directory, key_group_range groups,
                                   database_setup setup)
    : directory_(directory), groups_(groups), setup_(std::move(setup)),
      db_(open_database(directory, database_options(/*fresh=*/true, groups, setup_),
                        failure::job_failed)) {}

rocksdb_database::rocksdb_database(const fs::path& directory, const fs::path& shared_dir,
                                   const keyed_database& saved,
                                   const std::vector<file_handle>& shared,
                                   key_group_range groups, database_setup setup)
    : directory_(directory), groups_(groups), setup_(std::move(setup)) {
  for (const saved_table& table : saved.tables) {
    const std::uint64_t number = table_number(table.local, directory);
    link_or_copy(shared_dir / table.shared, directory / table.local,
                 failure::restore_refused);
    known_.emplace(number, known_table{.handle = *std::ranges::find(shared, table.shared,
                                                                    &file_handle::name),
                                       .name_durable = false});
    crash_point("restore.linked");
  }
  write_file_durably(directory / saved.manifest_name, saved.manifest);
  write_file_durably(directory / "CURRENT", std::as_bytes(std::span(saved.current)));
  db_ = open_database(directory, database_options(/*fresh=*/false, groups, setup_),
                      failure::restore_refused);
  drop_foreign_tables();
  crash_point("restore.opened");
}

rocksdb_database::~rocksdb_database() {
  close();
}

void rocksdb_database::close() noexcept {
  if (db_)
    db_->Close().PermitUncheckedError();
  db_.reset();
}

std::unique_ptr<row_cursor> rocksdb_database::scan() {
  return scan_rows(*db_, directory_, groups_);
}

void rocksdb_database::find(const encoded_rows& wanted,
                            std::span<const std::uint32_t> order, encoded_rows& found) {
  const std::shared_lock reading(rows_);
  find_rows(*db_, directory_, wanted, order, found);
}

void rocksdb_database::ingest(const encoded_run& run) {
  // Not a name that RocksDB gives to a file, so it never removes or reuses it.
  const fs::path path = directory_ / "run.sst";
  std::error_code absent;
  fs::remove(path, absent); // a failed ingest may have left it, even linked
  if (!write_table(run, path))
    return;
  crash_point("ingest.table-written");
  std::unique_lock replacing(rows_, std::defer_lock);
  if (run.whole()) {
    replacing.lock();
    drop_tables();
  } else {
    setup_.compactions->wait_for_room(*db_, level0_tables_max);
  }
  // RocksDB links the file under a number, fsyncs it and removes our name.
  check(db_->IngestExternalFile({path.string()}, ingest_options()), "ingest rows into",
        directory_);
}

bool rocksdb_database::can_be_emptied() const {
  rocksdb::ColumnFamilyMetaData tables;
  db_->GetColumnFamilyMetaData(&tables);
  return std::ranges::all_of(tables.levels, [](const rocksdb::LevelMetaData& level) {
    return level.files.empty() ||
           (level.level > 0 && std::ranges::none_of(level.files, [](const auto& table) {
              return table.being_compacted;
            }));
  });
}

// Cheaper than merging them with a run that says everything anew. A table that has come
// under compaction meanwhile stays; then the run goes above it, like any other.
void rocksdb_database::drop_tables() {
  const rocksdb::RangePtr everything;
  check(
      rocksdb::DeleteFilesInRanges(db_.get(), db_->DefaultColumnFamily(), &everything, 1),
      "drop old rows of", directory_);
}

// What is left of a subtask that had other groups, too. Tables in which some rows count
// are rid of the others when they are compacted.
void rocksdb_database::drop_foreign_tables() {
  const group_bound first(groups_.first);
  const group_bound end(groups_.last + 1U);
  std::vector<rocksdb::RangePtr> foreign;
  if (groups_.first > 0)
    foreign.emplace_back(nullptr, first.get());
  if (end.get() != nullptr)
    foreign.emplace_back(end.get(), nullptr);
  check(rocksdb::DeleteFilesInRanges(db_.get(), db_->DefaultColumnFamily(),
                                     foreign.data(), foreign.size(),
                                     /*include_end=*/false),
        "drop rows of other subtasks in", directory_, failure::restore_refused);
}

/// False if it has no rows: then there is no file.
bool rocksdb_database::write_table(const encoded_run& run, const fs::path& path) const {
  const rocksdb::Options options = run_options(groups_, setup_);
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(options), options, nullptr,
                                /*invalidate_page_cache=*/false);
  std::size_t written = 0;
  for (std::size_t i = 0; i < run.parts().size(); ++i) {
    const key_group_range part = run.groups_of(i);
    if (part.last < groups_.first || part.first > groups_.last || run.parts()[i].empty())
      continue;
    if (written == 0)
      check(writer.Open(path.string()), "create", path);
    const bool all = groups_.has(part.first) && groups_.has(part.last);
    written += write_rows(run.parts()[i], all, groups_, writer, path);
  }
  if (written > 0)
    check(writer.Finish(), "make durable", path); // ends with fsync
  return written > 0;
}

auto rocksdb_database::know(const rocksdb::LiveFileStorageInfo& file) -> known_table& {
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
keyed_database rocksdb_database::share_files(const fs::path& shared_dir,
                                             std::vector<file_handle>& shared,
                                             bool& name_added) {
  const deletions_paused pause(*db_, directory_);
  std::vector<rocksdb::LiveFileStorageInfo> files;
  check(db_->GetLiveFilesStorageInfo(live_files_options(), &files),
        "list the files of the database in", directory_);
  std::ranges::sort(files, {}, &rocksdb::LiveFileStorageInfo::relative_filename);
  keyed_database result;
  result.first_group = groups_.first;
  result.last_group = groups_.last;
  std::map<std::uint64_t, known_table> live;
  for (const auto& file : files) {
    if (file.file_type == rocksdb::kTableFile) {
      known_table& table = know(file);
      // Also when known: an abandoned checkpoint's names may have been pruned since.
      const auto outcome =
          link_or_copy(directory_ / file.relative_filename,
                       shared_dir / table.handle.name, failure::job_failed);
      crash_point("upload.linked");
      // A name that existed may not be durable: its writer may have died before fsync.
      name_added |= outcome != link_outcome::existed || !table.name_durable;
      result.tables.push_back({file.relative_filename, table.handle.name});
      if (std::ranges::find(shared, table.handle.name, &file_handle::name) ==
          shared.end())
        shared.push_back(table.handle); // two databases may have come from one
      live.emplace(file.file_number, table);
    } else if (file.file_type == rocksdb::kDescriptorFile) {
      result.manifest_name = file.relative_filename;
      result.manifest = read_file_prefix(directory_ / file.relative_filename, file.size,
                                         failure::job_failed);
    } else if (file.file_type == rocksdb::kCurrentFile) {
      result.current = file.replacement_contents;
    } // options are rebuilt at open, the WAL is empty
  }
  WEIR_CHECK(result.current == result.manifest_name + "\n");
  known_ = std::move(live);
  return result;
}

void rocksdb_database::names_are_durable() noexcept {
  for (auto& [number, table] : known_)
    table.name_durable = true;
}

} // namespace weir
