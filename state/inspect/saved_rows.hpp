// The rows that one subtask has in a checkpoint, by key, where they stand: nothing is
// restored, and nothing on disk changes. Whatever the backend was, they come one at a
// time and in the same order. One thread.
#pragma once

#include "state/backend.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace weir {

class saved_rows {
public:
  virtual ~saved_rows() = default;

  /// False behind the last row.
  virtual bool valid() const = 0;
  /// With its key group in front. Until `next`.
  virtual std::span<const std::byte> key() const = 0;
  virtual std::span<const std::byte> value() const = 0;
  /// Throws failure::restore_refused where the bytes are damaged.
  virtual void next() = 0;
};

/// Where the rows of a subtask lie, and from which on they are wanted.
struct saved_rows_place {
  std::filesystem::path data;   // of its own files
  std::filesystem::path shared; // of those that it shares
  keyed_source source;
  std::span<const std::byte> from = {}; // a key with its group; empty: from the first
};

/// Of the `filesystem` and the `memory` backend, and of any savepoint.
std::unique_ptr<saved_rows> open_row_file(const saved_rows_place& place);

} // namespace weir
