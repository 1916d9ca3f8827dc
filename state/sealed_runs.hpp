// The sealed epochs of a row table, oldest first. An epoch is sealed in O(1); its rows
// are encoded later, a slice at a time, and its run leaves in the order of sealing.
//
// Lifecycle of an epoch: 1. open (rows are written)  2. sealed (its run is open, rows
// join it by the encoder's walk or by being written again)  3. complete (the walk is
// over)
// 4. taken by the uploader.
#pragma once

#include "state/encoded_run.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace weir {

using epoch = std::uint32_t;

struct sealed_run {
  epoch of = 0;
  std::optional<std::size_t> table_rows = {}; // when it was sealed, if all were there
  std::unique_ptr<encoded_run> rows;
};

class sealed_runs {
public:
  sealed_runs(const row_shape& shape, std::uint32_t max_parallelism)
      : shape_(shape), max_parallelism_(max_parallelism) {}

  /// `table_rows`: how many rows there are, written in this epoch or not; none: nobody
  /// knows.
  void seal(epoch sealed, std::optional<std::size_t> table_rows);
  /// The run of an epoch that is sealed and not complete.
  encoded_run& run_of(epoch sealed);
  /// The oldest epoch that still has rows to encode.
  std::optional<epoch> encoding() const;
  void complete_oldest();
  std::optional<sealed_run> take();

private:
  row_shape shape_;
  std::uint32_t max_parallelism_;
  std::deque<sealed_run> open_;     // consecutive epochs
  std::deque<sealed_run> complete_; // likewise, all older than open_
};

} // namespace weir
