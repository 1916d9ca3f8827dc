// From a snapshot to subtasks that have its rows: one that was one, and some that were
// another number of them. The snapshot has a base and four increments of one percent, and
// is in the page cache, if nothing else is said.
#pragma once

#include "bench/engine/rows_on_disk.hpp"
#include "bench/harness/figures.hpp"
#include "state/backend.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace weir::bench {

class saved_rows {
public:
  /// `rows` rows of 100 bytes in a snapshot of `parallelism` subtasks, below `directory`,
  /// which exists and is empty.
  saved_rows(const std::filesystem::path& directory, std::uint64_t rows,
             std::uint32_t parallelism);

  /// Until one subtask, which was the only one, has all rows in its table; the figures
  /// `verify_ms`, `open_ms` and `first_ms`, until it has processed a batch of records.
  /// `cold`: the page cache has nothing of the snapshot.
  run_figures restore(bool cold) const;

  /// Until `parallelism` subtasks have their databases, one after the other, and then the
  /// first row of each; the figures `open_ms`, `first_row_ms`, `copied_bytes` (tables
  /// that are no links) and `other_bytes`.
  run_figures rescale(std::uint32_t parallelism) const;

private:
  static constexpr std::size_t row_bytes = 100;

  void save(std::uint32_t subtask);
  void process_batch(table_of<row_bytes>& table, backend& state) const;
  keyed_origin origin_of(std::uint32_t subtask, std::uint32_t parallelism) const;
  void count_bytes(const std::filesystem::path& directory, run_figures& figures) const;

  std::filesystem::path directory_;
  std::filesystem::path shared_;
  std::filesystem::path checkpoint_;
  std::uint64_t rows_;
  std::uint32_t parallelism_;
  std::vector<keyed_handle> saved_;
};

} // namespace weir::bench
