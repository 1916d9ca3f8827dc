#include "bench/kernels/rocksdb_get_put.hpp"

#include "bench/kernels/stream.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>

#include <array>
#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace weir::bench {

namespace {

using database = std::unique_ptr<rocksdb::DB>;

void require(const rocksdb::Status& status, const std::string& what) {
  if (!status.ok())
    throw std::runtime_error(what + ": " + status.ToString());
}

rocksdb::Options tuned_options() {
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_cache = rocksdb::NewLRUCache(std::size_t{512} << 20);
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = std::size_t{256} << 20;
  options.memtable_prefix_bloom_size_ratio = 0.1;
  options.memtable_whole_key_filtering = true;
  // There is one writer per database.
  options.allow_concurrent_memtable_write = false;
  options.max_background_jobs = 2;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

std::array<char, 10> encode_key(std::uint64_t key) {
  std::array<char, 10> bytes;
  const auto group =
      __builtin_bswap16(static_cast<std::uint16_t>(key_group_of(hash_of(key))));
  const auto ordered = __builtin_bswap64(key);
  std::memcpy(bytes.data(), &group, sizeof group);
  std::memcpy(bytes.data() + sizeof group, &ordered, sizeof ordered);
  return bytes;
}

rocksdb::Slice slice_of(const std::array<char, 10>& key) {
  return {key.data(), key.size()};
}

rocksdb::Slice slice_of(const std::int64_t& count) {
  return {reinterpret_cast<const char*>(&count), sizeof count};
}

/// All keys with a count of zero, in sorted files: a state that has been running for
/// long.
void fill(rocksdb::DB& db, std::uint64_t keys, const std::filesystem::path& directory) {
  std::vector<std::vector<std::uint64_t>> by_group(key_groups);
  for (std::uint64_t key = 0; key < keys; ++key)
    by_group[key_group_of(hash_of(key))].push_back(key);
  const auto path = directory / "fill.sst";
  rocksdb::SstFileWriter file(rocksdb::EnvOptions(), db.GetOptions(), nullptr,
                              /*invalidate_page_cache=*/false);
  require(file.Open(path), "creating " + path.string());
  const std::int64_t zero = 0;
  for (const auto& group : by_group)
    for (const auto key : group)
      require(file.Put(slice_of(encode_key(key)), slice_of(zero)), "filling");
  require(file.Finish(), "finishing " + path.string());
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  require(db.IngestExternalFile({path}, options), "ingesting " + path.string());
}

/// Brings every block into the cache: no run pays for a cold start.
void warm_up(rocksdb::DB& db) {
  const std::unique_ptr<rocksdb::Iterator> rows(db.NewIterator({}));
  for (rows->SeekToFirst(); rows->Valid(); rows->Next())
    continue;
  require(rows->status(), "warming up");
}

database open_filled(const std::filesystem::path& directory, std::uint64_t keys) {
  std::filesystem::create_directories(directory);
  rocksdb::DB* opened = nullptr;
  require(rocksdb::DB::Open(tuned_options(), directory / "db", &opened),
          "opening " + directory.string());
  database db(opened);
  fill(*db, keys, directory);
  warm_up(*db);
  return db;
}

std::uint64_t count_until(rocksdb::DB& db, std::uint64_t seed, std::uint64_t keys,
                          std::chrono::steady_clock::time_point deadline) {
  constexpr std::uint64_t between_looks_at_the_clock = 256;
  rocksdb::WriteOptions write;
  write.disableWAL = true;
  const rocksdb::ReadOptions read;
  rocksdb::PinnableSlice value;
  std::uint64_t done = 0;
  while (std::chrono::steady_clock::now() < deadline) {
    for (std::uint64_t i = 0; i < between_looks_at_the_clock; ++i, ++done) {
      const auto key = encode_key(draw(seed, done, keys).key);
      value.Reset();
      require(db.Get(read, db.DefaultColumnFamily(), slice_of(key), &value), "reading");
      std::int64_t count = 0;
      std::memcpy(&count, value.data(), sizeof count);
      ++count;
      require(db.Put(write, slice_of(key), slice_of(count)), "writing");
    }
  }
  return done;
}

} // namespace

run_figures rocksdb_get_put(const rocksdb_get_put_params& params) {
  const auto keys_each = params.keys / params.threads;
  std::vector<database> databases;
  for (std::size_t i = 0; i < params.threads; ++i)
    databases.push_back(
        open_filled(params.work_directory / std::to_string(i), keys_each));

  const run_clock clock;
  const auto deadline = std::chrono::steady_clock::now() +
                        std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                            std::chrono::duration<double>(params.seconds));
  std::vector<std::future<std::uint64_t>> counts;
  for (std::size_t i = 0; i < params.threads; ++i)
    counts.push_back(std::async(std::launch::async, [&, i] {
      return count_until(*databases[i], params.seed + i, keys_each, deadline);
    }));
  std::uint64_t records = 0;
  for (auto& count : counts)
    records += count.get();
  return clock.stop(records);
}

} // namespace weir::bench
