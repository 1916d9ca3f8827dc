// Where the encoded rows of one subtask become durable, at byte level. The uploader is
// the only caller, on its own thread, but for reads of single rows; the row table never
// sees a backend.
//
// Lifecycle: 1. open (fresh, or from a verified snapshot)  2. scan, once, after a restore
// 3. ingest and snapshot in turns, FIFO  4. destroy. A backend works in a directory of
// its attempt that nobody else uses, so what a dead attempt still holds open changes
// nothing.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "state/encoded_run.hpp"
#include "state/key_group.hpp"
#include "state/time.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace weir {

/// Reads the rows of a restored backend in key order, a bounded number at a time.
class row_cursor {
public:
  virtual ~row_cursor() = default;
  /// Appends up to `rows_max` rows to `out`; false once nothing is left.
  virtual bool read(encoded_rows& out, std::size_t rows_max) = 0;
};

/// Finds rows by key on a thread of its own, while the uploader ingests.
class row_reader {
public:
  virtual ~row_reader() = default;
  /// Appends to `found` the newest version of each row whose key is in `wanted`, each
  /// once, in whatever order; a key that has no row adds nothing. `wanted` are keys of
  /// rows with values of no bytes, in any order, some maybe more than once. False once
  /// the backend is gone: then nobody may believe what was not found.
  virtual bool read(const encoded_rows& wanted, encoded_rows& found) = 0;
};

/// What a subtask takes over from one that was there when a checkpoint was taken.
struct keyed_source {
  keyed_handle handle;
  key_group_range groups; // only rows of these
};

/// All that a subtask takes over, and where its files are. The groups of no two sources
/// overlap.
struct keyed_origin {
  std::filesystem::path checkpoint_dir;
  std::filesystem::path shared_dir;
  std::vector<keyed_source> sources;
};

class backend {
public:
  virtual ~backend() = default;

  /// Makes every row of `run` the newest version of its key; a whole run replaces all
  /// rows.
  virtual void ingest(const encoded_run& run) = 0;

  /// Durably writes `<file_name>` into `checkpoint_dir` and what is new into `shared_dir`
  /// (both exist); fsyncs the files, and `shared_dir` if it gained a name. The caller
  /// fsyncs `checkpoint_dir`.
  virtual keyed_handle snapshot(const std::filesystem::path& checkpoint_dir,
                                const std::filesystem::path& shared_dir,
                                const std::string& file_name) = 0;

  virtual std::unique_ptr<row_cursor> scan() = 0;

  /// Null: its rows are found by scans only.
  virtual std::shared_ptr<row_reader> reader() { return nullptr; }

  /// Rows that have expired by then may be left out wherever rows are written anew. Never
  /// called for rows that cannot say when they expire (row_expiry.hpp).
  virtual void expire(processing_time) {}
};

} // namespace weir
