#include "bench/engine/durable_run.hpp"

#include "bench/engine/rows_on_disk.hpp"
#include "state/page_supplier.hpp"
#include "state/rocksdb/rocksdb_backend.hpp"
#include "state/storage/local_files.hpp"

#include <stdexcept>

namespace weir::bench {

namespace {

namespace fs = std::filesystem;

template <std::size_t RowBytes>
class durable_table {
public:
  explicit durable_table(std::uint64_t rows)
      : keys_(shuffled_keys(rows)), table_(durable_groups, &pages_) {}

  run_figures operator()(const fs::path& directory) {
    shared_ = new_directory(directory, "shared");
    const auto state = open_rocksdb_backend(new_directory(directory, "db"));
    // One more row, which is not written again: the run to measure is not a whole one.
    write_row<RowBytes>(table_, keys_.size(), 0);
    state->ingest(*run_of(table_));
    take_snapshot(*state, new_directory(directory, "chk-1"));
    for (const std::uint64_t key : keys_)
      write_row<RowBytes>(table_, key, 0);
    while (table_.settle_some()) {
    }
    const fs::path checkpoint = new_directory(directory, "chk-2");
    const run_clock clock;
    const auto run = run_of(table_);
    const double encoded = clock.stop(1).wall_seconds;
    state->ingest(*run);
    const double ingested = clock.stop(1).wall_seconds;
    take_snapshot(*state, checkpoint);
    run_figures figures = clock.stop(keys_.size());
    figures.extra = {{"encode_ms", encoded * 1e3},
                     {"ingest_ms", (ingested - encoded) * 1e3},
                     {"snapshot_ms", (figures.wall_seconds - ingested) * 1e3}};
    figures.checksum = checksum_of_rows(*state);
    return figures;
  }

private:
  void take_snapshot(backend& state, const fs::path& checkpoint) {
    state.snapshot(checkpoint, shared_, "rows.keyed");
    fsync_directory(checkpoint);
  }

  std::uint64_t checksum_of_rows(backend& state) {
    constexpr std::size_t rows_at_once = 4096;
    std::uint64_t sum = 0;
    const auto cursor = state.scan();
    for (bool more = true; more;) {
      encoded_rows rows = table_.empty_rows();
      more = cursor->read(rows, rows_at_once);
      for (std::size_t row = 0; row < rows.rows(); ++row)
        sum = fold_row(sum, rows.key(row), rows.value(row));
    }
    return sum;
  }

  std::vector<std::uint64_t> keys_;
  page_supplier pages_;
  table_of<RowBytes> table_;
  fs::path shared_;
};

template <std::size_t RowBytes>
durable_run run_with(std::uint64_t rows) {
  const auto table = std::make_shared<durable_table<RowBytes>>(rows);
  return [table](const fs::path& directory) { return (*table)(directory); };
}

} // namespace

durable_run durable_by_engine(const durable_params& params) {
  switch (params.row_bytes) {
  case 16:
    return run_with<16>(params.rows);
  case 100:
    return run_with<100>(params.rows);
  case 1000:
    return run_with<1000>(params.rows);
  default:
    throw std::invalid_argument("rows of 16, 100 or 1,000 bytes");
  }
}

} // namespace weir::bench
