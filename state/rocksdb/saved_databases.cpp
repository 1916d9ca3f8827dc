#include "state/rocksdb/saved_databases.hpp"

#include "serialization/envelope.hpp"
#include "state/rocksdb/check.hpp"
#include "state/rocksdb/key_slices.hpp"
#include "state/rocksdb/read_keyed_file.hpp"
#include "state/rocksdb/tuning.hpp"
#include "state/storage/local_files.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>
#include <system_error>
#include <vector>

namespace weir {

namespace fs = std::filesystem;

namespace {

/// A file that stands in memory, read from its beginning.
class memory_file final : public rocksdb::FSSequentialFile {
public:
  explicit memory_file(std::string_view rest) : rest_(rest) {}

  rocksdb::IOStatus Read(std::size_t size, const rocksdb::IOOptions&,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext*) override {
    const std::size_t taken = std::min(size, rest_.size());
    std::copy_n(rest_.data(), taken, scratch);
    rest_.remove_prefix(taken);
    *result = rocksdb::Slice(scratch, taken);
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus Skip(std::uint64_t size) override {
    rest_.remove_prefix(
        static_cast<std::size_t>(std::min(size, std::uint64_t{rest_.size()})));
    return rocksdb::IOStatus::OK();
  }

private:
  std::string_view rest_;
};

/// One database as RocksDB would find it in a directory of its own.
class saved_files final : public rocksdb::FileSystemWrapper {
public:
  saved_files(const keyed_database& saved, const fs::path& shared)
      : FileSystemWrapper(rocksdb::FileSystem::Default()) {
    for (const saved_table& table : saved.tables)
      tables_.emplace(table.local, (shared / table.shared).string());
    texts_.emplace("CURRENT", saved.current);
    texts_.emplace(saved.manifest_name,
                   std::string(reinterpret_cast<const char*>(saved.manifest.data()),
                               saved.manifest.size()));
  }

  const char* Name() const override { return "weir.saved_files"; }
  const std::map<std::string, std::string>& tables() const { return tables_; }

  using io = rocksdb::IOStatus;
  using context = rocksdb::IODebugContext;

  io NewSequentialFile(const std::string& path, const rocksdb::FileOptions&,
                       std::unique_ptr<rocksdb::FSSequentialFile>* opened,
                       context*) override {
    const auto found = texts_.find(name_in(path));
    if (found == texts_.end())
      return io::NotFound(path);
    *opened = std::make_unique<memory_file>(found->second);
    return io::OK();
  }
  io NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSRandomAccessFile>* opened,
                         context* about) override {
    const auto found = tables_.find(name_in(path));
    return found == tables_.end()
               ? io::NotFound(path)
               : target()->NewRandomAccessFile(found->second, options, opened, about);
  }
  io FileExists(const std::string& path, const rocksdb::IOOptions&, context*) override {
    const std::string name = name_in(path);
    return tables_.contains(name) || texts_.contains(name) ? io::OK()
                                                           : io::NotFound(path);
  }
  io GetChildren(const std::string&, const rocksdb::IOOptions&,
                 std::vector<std::string>* names, context*) override {
    names->clear();
    for (const auto& each : tables_)
      names->push_back(each.first);
    for (const auto& each : texts_)
      names->push_back(each.first);
    return io::OK();
  }
  io GetFileSize(const std::string& path, const rocksdb::IOOptions& options,
                 std::uint64_t* size, context* about) override {
    const std::string name = name_in(path);
    if (const auto found = tables_.find(name); found != tables_.end())
      return target()->GetFileSize(found->second, options, size, about);
    const auto found = texts_.find(name);
    if (found == texts_.end())
      return io::NotFound(path);
    *size = found->second.size();
    return io::OK();
  }

  // Nothing is ever written: whatever would be is refused.
  io NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                     std::unique_ptr<rocksdb::FSWritableFile>*, context*) override {
    return io::NotSupported(path);
  }
  io DeleteFile(const std::string& path, const rocksdb::IOOptions&, context*) override {
    return io::NotSupported(path);
  }
  io RenameFile(const std::string& path, const std::string&, const rocksdb::IOOptions&,
                context*) override {
    return io::NotSupported(path);
  }
  io CreateDir(const std::string& path, const rocksdb::IOOptions&, context*) override {
    return io::NotSupported(path);
  }
  io CreateDirIfMissing(const std::string&, const rocksdb::IOOptions&,
                        context*) override {
    return io::OK();
  }

private:
  static std::string name_in(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
  }

  std::map<std::string, std::string> tables_; // by their names in the database
  std::map<std::string, std::string> texts_;
};

/// Of some groups.
class database_rows {
public:
  database_rows(const fs::path& keyed, const fs::path& shared,
                const keyed_database& saved, key_group_range groups)
      : name_(keyed), files_(std::make_shared<saved_files>(saved, shared)),
        env_(rocksdb::NewCompositeEnv(files_)), first_(groups.first),
        end_(groups.last + 1U) {
    rocksdb::Options options = database_options(/*fresh=*/false, groups, {});
    options.env = env_.get();
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::OpenForReadOnly(options, "/saved", &opened);
    db_.reset(opened);
    check(status, "open the database of", name_, failure::restore_refused);
    rocksdb::ReadOptions reads = scan_options();
    reads.iterate_lower_bound = first_.get();
    reads.iterate_upper_bound = end_.get();
    rows_.reset(db_->NewIterator(reads));
  }

  void seek(std::span<const std::byte> from) {
    from.empty() ? rows_->SeekToFirst() : rows_->Seek(slice(from));
    check_reads();
  }
  bool valid() const { return rows_->Valid(); }
  std::span<const std::byte> key() const { return bytes_of(rows_->key()); }
  std::span<const std::byte> value() const { return bytes_of(rows_->value()); }
  void next() {
    rows_->Next();
    if (!rows_->Valid())
      check_reads();
  }

private:
  static std::span<const std::byte> bytes_of(const rocksdb::Slice& slice) {
    return std::as_bytes(std::span(slice.data(), slice.size()));
  }
  void check_reads() const {
    check(rows_->status(), "read the database of", name_, failure::restore_refused);
  }

  fs::path name_;
  std::shared_ptr<saved_files> files_;
  std::unique_ptr<rocksdb::Env> env_;
  group_bound first_;
  group_bound end_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

/// One database after the other; they are opened when their turn comes.
class rows_of_databases final : public saved_rows {
public:
  explicit rows_of_databases(const saved_rows_place& place)
      : keyed_(place.data / place.source.handle.file.name), shared_(place.shared),
        groups_(place.source.groups), from_(place.from.begin(), place.from.end()),
        databases_(read_keyed_file(place.data, place.source.handle).databases) {
    for (const file_handle& table : place.source.handle.shared)
      check_size(table);
    open_next();
  }

  bool valid() const override { return rows_ != nullptr; }
  std::span<const std::byte> key() const override { return rows_->key(); }
  std::span<const std::byte> value() const override { return rows_->value(); }
  void next() override {
    rows_->next();
    if (!rows_->valid())
      open_next();
  }

private:
  void check_size(const file_handle& table) const {
    const fs::path path = shared_ / table.name;
    std::error_code missing;
    if (fs::is_symlink(fs::symlink_status(path, missing)))
      throw_file_error(failure::restore_refused, "read", path, ELOOP);
    const std::uintmax_t size = fs::file_size(path, missing);
    if (missing)
      throw_file_error(failure::restore_refused, "read", path, missing.value());
    if (size != table.size)
      refuse_restore(path.string(),
                     fmt::format("is not the file that the checkpoint names: its size "
                                 "should be {} bytes and is {}",
                                 table.size, size));
  }

  void open_next() {
    rows_.reset();
    while (!rows_ && at_ < databases_.size()) {
      const keyed_database& saved = databases_[at_++];
      const key_group_range groups{std::max(saved.first_group, groups_.first),
                                   std::min(saved.last_group, groups_.last)};
      if (groups.first > groups.last)
        continue;
      rows_ = std::make_unique<database_rows>(keyed_, shared_, saved, groups);
      rows_->seek(from_);
      if (!rows_->valid())
        rows_.reset();
    }
  }

  fs::path keyed_;
  fs::path shared_;
  key_group_range groups_;
  std::vector<std::byte> from_;
  std::vector<keyed_database> databases_;
  std::size_t at_ = 0;
  std::unique_ptr<database_rows> rows_; // null: there are no more
};

} // namespace

std::unique_ptr<saved_rows> open_saved_databases(const saved_rows_place& place) {
  return std::make_unique<rows_of_databases>(place);
}

} // namespace weir
