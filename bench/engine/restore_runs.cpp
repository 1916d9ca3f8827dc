#include "bench/engine/restore_runs.hpp"

#include "bench/harness/scratch_directory.hpp"
#include "operators/batch.hpp"
#include "operators/random.hpp"
#include "serialization/check.hpp"
#include "state/page_supplier.hpp"
#include "state/rocksdb/rocksdb_backend.hpp"
#include "state/storage/local_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace weir::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t increments = 4;
constexpr std::size_t rows_at_once = 4096; // as a task does in a slice

/// Has the system drop what it has of files, which are durable.
void forget_pages(const fs::path& directory) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file())
      continue;
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    WEIR_CHECK(file >= 0);
    WEIR_CHECK(::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0);
    ::close(file);
  }
}

} // namespace

saved_rows::saved_rows(const fs::path& directory, std::uint64_t rows,
                       std::uint32_t parallelism)
    : directory_(directory), shared_(new_directory(directory, "shared")),
      checkpoint_(new_directory(directory, "chk")), rows_(rows),
      parallelism_(parallelism) {
  for (std::uint32_t subtask = 0; subtask < parallelism; ++subtask)
    save(subtask);
}

void saved_rows::save(std::uint32_t subtask) {
  const std::string label = "rows-" + std::to_string(subtask);
  const auto state = open_rocksdb_backend(new_directory(directory_, label));
  const auto own = key_groups_of(subtask, parallelism_, durable_groups);
  page_supplier pages;
  table_of<row_bytes> table(durable_groups, &pages);
  const auto write = [&](std::uint64_t key, std::uint64_t seed) {
    if (own.has(weir::key_group_of(weir::hash_of(key), durable_groups)))
      write_row<row_bytes>(table, key, seed);
  };
  for (std::uint64_t key = 0; key < rows_; ++key)
    write(key, 0);
  state->ingest(*run_of(table));
  for (std::uint64_t number = 1; number <= increments; ++number) {
    random_stream random(number, 0);
    for (std::uint64_t i = 0; i < rows_ / 100; ++i)
      write(random.below(rows_), number);
    state->ingest(*run_of(table));
  }
  saved_.push_back(state->snapshot(checkpoint_, shared_, label + ".keyed"));
}

keyed_origin saved_rows::origin_of(std::uint32_t subtask,
                                   std::uint32_t parallelism) const {
  const auto own = key_groups_of(subtask, parallelism, durable_groups);
  keyed_origin origin{checkpoint_, shared_, {}};
  for (std::uint32_t was = 0; was < parallelism_; ++was) {
    const auto theirs = key_groups_of(was, parallelism_, durable_groups);
    const key_group_range both{std::max(own.first, theirs.first),
                               std::min(own.last, theirs.last)};
    if (both.first <= both.last)
      origin.sources.push_back({saved_[was], both});
  }
  return origin;
}

run_figures saved_rows::restore(bool cold) const {
  if (cold)
    forget_pages(directory_);
  const scratch_directory work(directory_);
  page_supplier pages;
  table_of<row_bytes> table(durable_groups, &pages);
  const run_clock clock;
  for (const file_handle& file : saved_.front().shared) // as before every restore
    WEIR_CHECK(measure_file(shared_ / file.name, failure::job_failed).sum == file.sum);
  const double verified = clock.stop(1).wall_seconds;
  const auto state = open_rocksdb_backend(work.path(), origin_of(0, 1));
  const double opened = clock.stop(1).wall_seconds;
  table.residence().keep_within({});
  table.residence().begin_loading();
  process_batch(table, *state);
  const double first = clock.stop(1).wall_seconds;
  const auto cursor = state->scan();
  for (bool more = true; more;) {
    encoded_rows rows = table.empty_rows();
    more = cursor->read(rows, rows_at_once);
    table.restore(rows, 0, rows.rows());
  }
  run_figures figures = clock.stop(rows_);
  WEIR_CHECK(table.rows().size() == rows_);
  figures.extra = {{"verify_ms", verified * 1e3},
                   {"open_ms", (opened - verified) * 1e3},
                   {"first_ms", first * 1e3}};
  return figures;
}

/// As a task does that has just been restored: rows that are missing are looked up.
void saved_rows::process_batch(table_of<row_bytes>& table, backend& state) const {
  std::array<std::uint64_t, batch_records> keys;
  random_stream random(1, rows_);
  for (std::uint64_t& key : keys)
    key = random.below(rows_);
  table.begin_window();
  encoded_rows missing{row_shape()};
  table.rows().look_for_each(
      keys.size(), [&](std::size_t i) { return keys[i]; },
      [&](std::size_t i) { return weir::hash_of(keys[i]); }, missing);
  encoded_rows found = table.empty_rows();
  WEIR_CHECK(state.reader()->read(missing, found) && !found.empty());
  table.arrived(found);
  for (const std::uint64_t key : keys)
    write_row<row_bytes>(table, key, 1);
}

run_figures saved_rows::rescale(std::uint32_t parallelism) const {
  const scratch_directory work(directory_);
  std::vector<keyed_origin> origins;
  for (std::uint32_t subtask = 0; subtask < parallelism; ++subtask) {
    origins.push_back(origin_of(subtask, parallelism));
    new_directory(work.path(), std::to_string(subtask));
  }
  std::vector<std::unique_ptr<backend>> states;
  const run_clock clock;
  for (const keyed_origin& origin : origins)
    states.push_back(
        open_rocksdb_backend(work.path() / std::to_string(states.size()), origin));
  const double opened = clock.stop(1).wall_seconds;
  std::size_t read = 0;
  for (const auto& state : states) {
    encoded_rows rows(row_sizes{sizeof(key_group) + sizeof(std::uint64_t),
                                row_bytes - sizeof(std::uint64_t)});
    state->scan()->read(rows, 1);
    read += rows.rows();
  }
  run_figures figures = clock.stop(rows_);
  WEIR_CHECK(read == parallelism);
  figures.extra = {{"open_ms", opened * 1e3},
                   {"first_row_ms", figures.wall_seconds * 1e3}};
  count_bytes(work.path(), figures);
  return figures;
}

void saved_rows::count_bytes(const fs::path& directory, run_figures& figures) const {
  double copied = 0;
  double other = 0;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const bool table = entry.path().extension() == ".sst";
    if (entry.is_regular_file() && !(table && entry.hard_link_count() > 1))
      (table ? copied : other) += static_cast<double>(entry.file_size());
  }
  figures.extra["copied_bytes"] = copied;
  figures.extra["other_bytes"] = other;
}

} // namespace weir::bench
