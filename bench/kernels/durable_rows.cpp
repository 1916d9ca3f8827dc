#include "bench/kernels/durable_rows.hpp"

#include "operators/random.hpp"
#include "state/hash.hpp"
#include "state/key_group.hpp"
#include "state/rocksdb/check.hpp"
#include "state/rocksdb/tuning.hpp"
#include "state/storage/local_files.hpp"

#include <rocksdb/db.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <string>

namespace weir::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_bytes = sizeof(key_group) + sizeof(std::uint64_t);

/// Rows of one size in one piece of memory.
class plain_rows {
public:
  explicit plain_rows(const durable_params& params)
      : stride_(sizeof(key_group) + params.row_bytes) {
    bytes_.reserve(stride_ * params.rows);
    for (const std::uint64_t key : shuffled_keys(params.rows))
      append(key);
  }

  void append(std::uint64_t key) {
    const std::uint64_t hash = weir::hash_of(key);
    const auto group = __builtin_bswap16(weir::key_group_of(hash, durable_groups));
    const auto ordered = __builtin_bswap64(key);
    bytes_.resize(bytes_.size() + stride_);
    std::uint8_t* row = bytes_.data() + bytes_.size() - stride_;
    std::memcpy(row, &group, sizeof group);
    std::memcpy(row + sizeof group, &ordered, sizeof ordered);
    fill_value(key, {row + key_bytes, stride_ - key_bytes});
  }

  std::size_t size() const noexcept { return bytes_.size() / stride_; }
  const std::uint8_t* at(std::size_t row) const { return bytes_.data() + row * stride_; }
  rocksdb::Slice key(std::size_t row) const {
    return {reinterpret_cast<const char*>(at(row)), key_bytes};
  }
  rocksdb::Slice value(std::size_t row) const {
    return {reinterpret_cast<const char*>(at(row)) + key_bytes, stride_ - key_bytes};
  }

private:
  std::size_t stride_;
  std::vector<std::uint8_t> bytes_;
};

struct sort_entry {
  std::uint32_t prefix;
  std::uint32_t row;
};

/// All that is not the same in all keys: the low byte of the group, the three low bytes
/// of the number.
std::uint32_t prefix_of(const std::uint8_t* row) noexcept {
  std::uint32_t number = 0;
  std::memcpy(&number, row + key_bytes - sizeof number, sizeof number);
  return (std::uint32_t{row[1]} << 24) | (__builtin_bswap32(number) & 0xff'ffff);
}

/// A byte at a time, from the last one.
std::vector<sort_entry> sorted(const plain_rows& rows) {
  std::vector<sort_entry> entries(rows.size());
  std::array<std::array<std::uint32_t, 256>, 4> starts{};
  for (std::uint32_t row = 0; row < entries.size(); ++row) {
    const std::uint32_t prefix = prefix_of(rows.at(row));
    entries[row] = {prefix, row};
    for (unsigned byte = 0; byte < 4; ++byte)
      ++starts[byte][(prefix >> (8 * byte)) & 0xff];
  }
  std::vector<sort_entry> other(entries.size());
  for (unsigned byte = 0; byte < 4; ++byte) {
    std::exclusive_scan(starts[byte].begin(), starts[byte].end(), starts[byte].begin(),
                        std::uint32_t{0});
    for (const sort_entry& each : entries)
      other[starts[byte][(each.prefix >> (8 * byte)) & 0xff]++] = each;
    entries.swap(other);
  }
  return entries;
}

class hand_written {
public:
  explicit hand_written(const fs::path& directory) : directory_(directory) {
    rocksdb::DB* opened = nullptr;
    const std::string path = directory / "db";
    check(rocksdb::DB::Open(database_options(/*fresh=*/true, {}, {}), path, &opened),
          "open the database in", directory);
    db_.reset(opened);
  }

  void ingest(const plain_rows& rows) {
    constexpr std::size_t rows_ahead = 24; // they lie in random order
    const fs::path path = directory_ / "db" / "run.sst";
    const rocksdb::Options options = database_options(/*fresh=*/false, {}, {});
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(options), options, nullptr,
                                  /*invalidate_page_cache=*/false);
    check(writer.Open(path.string()), "create", path);
    const auto order = sorted(rows);
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i + rows_ahead < order.size())
        __builtin_prefetch(rows.at(order[i + rows_ahead].row));
      const std::uint32_t row = order[i].row;
      check(writer.Put(rows.key(row), rows.value(row)), "write rows to", path);
    }
    check(writer.Finish(), "make durable", path);
    check(db_->IngestExternalFile({path.string()}, ingest_options()), "ingest rows into",
          directory_);
  }

  void link(const std::string& name) {
    rocksdb::Checkpoint* created = nullptr;
    check(rocksdb::Checkpoint::Create(db_.get(), &created), "checkpoint", directory_);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(created);
    check(checkpoint->CreateCheckpoint(directory_ / name), "checkpoint", directory_);
    fsync_directory(directory_);
  }

  std::uint64_t checksum() const {
    const std::unique_ptr<rocksdb::Iterator> rows(db_->NewIterator(scan_options()));
    const auto bytes = [](const rocksdb::Slice& slice) {
      return std::as_bytes(std::span(slice.data(), slice.size()));
    };
    std::uint64_t sum = 0;
    for (rows->SeekToFirst(); rows->Valid(); rows->Next())
      sum = fold_row(sum, bytes(rows->key()), bytes(rows->value()));
    check(rows->status(), "read the rows of", directory_);
    return sum;
  }

private:
  fs::path directory_;
  std::unique_ptr<rocksdb::DB> db_;
};

} // namespace

std::vector<std::uint64_t> shuffled_keys(std::uint64_t rows) {
  std::vector<std::uint64_t> keys(rows);
  std::iota(keys.begin(), keys.end(), std::uint64_t{0});
  std::shuffle(keys.begin(), keys.end(), std::mt19937_64(1));
  return keys;
}

void fill_value(std::uint64_t key, std::span<std::uint8_t> value) noexcept {
  random_stream random(2, key);
  for (std::size_t at = 0; at < value.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t word = random.next();
    std::memcpy(value.data() + at, &word, std::min(sizeof word, value.size() - at));
  }
}

std::uint64_t fold_row(std::uint64_t sum, std::span<const std::byte> key,
                       std::span<const std::byte> value) noexcept {
  const auto text = [](std::span<const std::byte> bytes) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  return detail::hash_text(detail::hash_text(sum, text(key)), text(value));
}

durable_run durable_by_hand(const durable_params& params) {
  const auto rows = std::make_shared<plain_rows>(params);
  const auto first = std::make_shared<plain_rows>(durable_params{params.row_bytes, 0});
  first->append(params.rows);
  return [rows, first](const fs::path& directory) {
    hand_written database(directory);
    database.ingest(*first);
    database.link("chk-1");
    const run_clock clock;
    database.ingest(*rows);
    const double ingested = clock.stop(1).wall_seconds;
    database.link("chk-2");
    run_figures figures = clock.stop(rows->size());
    figures.extra = {{"ingest_ms", ingested * 1e3},
                     {"snapshot_ms", (figures.wall_seconds - ingested) * 1e3}};
    figures.checksum = database.checksum();
    return figures;
  };
}

} // namespace weir::bench
