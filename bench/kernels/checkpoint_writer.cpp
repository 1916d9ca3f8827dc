#include "bench/kernels/checkpoint_writer.hpp"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/utilities/checkpoint.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>
#include <system_error>

namespace weir::bench {

namespace {

namespace fs = std::filesystem;

void require(const rocksdb::Status& status, const std::string& what) {
  if (!status.ok())
    throw std::runtime_error(what + ": " + status.ToString());
}

rocksdb::Options database_options() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  options.max_background_jobs = 1;
  options.level0_file_num_compaction_trigger = 8;
  return options;
}

/// Key group and key, big endian, so that bytewise order is the order of `count_row`.
std::array<char, 10> encode_key(const count_row& row) {
  std::array<char, 10> bytes;
  const auto group = __builtin_bswap16(static_cast<std::uint16_t>(row.group));
  const auto key = __builtin_bswap64(row.key);
  std::memcpy(bytes.data(), &group, sizeof group);
  std::memcpy(bytes.data() + sizeof group, &key, sizeof key);
  return bytes;
}

/// By group, then key, a byte at a time from the last one; bytes that are the same in all
/// rows cost no pass.
void sort_rows(count_run& rows) {
  count_row differs{};
  for (const auto& row : rows) {
    differs.group |= row.group ^ rows.front().group;
    differs.key |= row.key ^ rows.front().key;
  }
  count_run other(rows.size());
  const auto pass = [&](std::uint64_t count_row::*field, unsigned shift) {
    std::array<std::size_t, 257> starts{};
    for (const auto& row : rows)
      ++starts[((row.*field >> shift) & 0xff) + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (const auto& row : rows)
      other[starts[(row.*field >> shift) & 0xff]++] = row;
    rows.swap(other);
  };
  for (const auto field : {&count_row::key, &count_row::group})
    for (unsigned shift = 0; shift < 64; shift += 8)
      if ((differs.*field >> shift) & 0xff)
        pass(field, shift);
}

class open_file {
public:
  open_file(const fs::path& path, int flags)
      : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    require(descriptor_ >= 0, "opening ");
  }
  ~open_file() { ::close(descriptor_); }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  void write(const std::string& text) {
    const auto written = ::write(descriptor_, text.data(), text.size());
    require(written == static_cast<ssize_t>(text.size()), "writing ");
  }

  void sync() { require(::fsync(descriptor_) == 0, "syncing "); }

private:
  void require(bool done, const char* what) const {
    if (!done)
      throw std::system_error(errno, std::generic_category(), what + path_.string());
  }

  fs::path path_;
  int descriptor_;
};

void sync_directory(const fs::path& path) {
  open_file(path, O_RDONLY | O_DIRECTORY).sync();
}

} // namespace

checkpoint_writer::checkpoint_writer(fs::path directory, std::size_t tasks)
    : directory_(std::move(directory)) {
  for (std::size_t task = 0; task < tasks; ++task) {
    const auto path = directory_ / ("db-" + std::to_string(task));
    rocksdb::DB* db = nullptr;
    require(rocksdb::DB::Open(database_options(), path, &db), "opening " + path.string());
    databases_.emplace_back(db);
  }
}

checkpoint_writer::~checkpoint_writer() = default;

fs::path checkpoint_writer::checkpoint_path(std::uint64_t id) const {
  return directory_ / ("chk-" + std::to_string(id));
}

void checkpoint_writer::write(std::uint64_t id, std::size_t task, count_run& run) {
  sort_rows(run);
  auto& db = *databases_[task];
  if (!run.empty())
    ingest(db, run);
  const auto path = checkpoint_path(id);
  fs::create_directories(path);
  rocksdb::Checkpoint* created = nullptr;
  require(rocksdb::Checkpoint::Create(&db, &created), "preparing a checkpoint");
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(created);
  require(checkpoint->CreateCheckpoint(path / ("task-" + std::to_string(task))),
          "linking the files of " + path.string());
}

void checkpoint_writer::ingest(rocksdb::DB& db, const count_run& run) {
  const auto path = directory_ / ("run-" + std::to_string(files_written_++) + ".sst");
  rocksdb::SstFileWriter file(rocksdb::EnvOptions(), db.GetOptions(), nullptr,
                              /*invalidate_page_cache=*/false);
  require(file.Open(path), "creating " + path.string());
  for (const auto& row : run) {
    const auto key = encode_key(row);
    std::array<char, sizeof row.count> value;
    std::memcpy(value.data(), &row.count, value.size());
    require(file.Put(rocksdb::Slice(key.data(), key.size()),
                     rocksdb::Slice(value.data(), value.size())),
            "writing " + path.string());
  }
  require(file.Finish(), "syncing " + path.string());
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  // The default would write into a file that checkpoints share by hard link.
  options.write_global_seqno = false;
  require(db.IngestExternalFile({path}, options), "ingesting " + path.string());
}

void checkpoint_writer::complete(std::uint64_t id) {
  const auto path = checkpoint_path(id);
  const auto temporary = path / "_metadata.tmp";
  {
    open_file metadata(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    metadata.write("checkpoint " + std::to_string(id) + " tasks " +
                   std::to_string(databases_.size()) + "\n");
    metadata.sync();
  }
  fs::rename(temporary, path / "_metadata");
  sync_directory(path);
  sync_directory(directory_);
  if (id > 2)
    fs::remove_all(checkpoint_path(id - 2));
}

} // namespace weir::bench
