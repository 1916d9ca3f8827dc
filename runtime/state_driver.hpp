// The part of a task's life that its keyed rows have: they are loaded after a restore,
// looked for before records need them, sealed and encoded a slice at a time, and let go
// when there are too many. Like the task driver, whose part it is: no clock, no thread,
// no file.
#pragma once

#include "runtime/task_port.hpp"

#include <deque>

namespace weir {

/// How the rows of a task begin.
struct rows_start {
  bool restored = false; // the backend has some
  bool readable = false; // it can be asked for them by key
  table_room room = {};  // only if it can
};

class state_driver {
public:
  /// `state` is null for a task without rows.
  state_driver(task_id id, task_port& port) : id_(id), port_(port) {}

  void start(keyed_state* state, const rows_start& from);

  /// Rows have to come before any record is processed.
  bool restoring() const noexcept { return loading_ && loads_first_; }
  /// Rows asked for with request_rows; an empty run is the end of them.
  void restored_rows(encoded_rows rows);
  /// Takes some of them; true while there are more.
  bool load_some();

  /// Rows of the window that were looked up; none is missing any more.
  void looked_up(const encoded_rows& found);
  /// The rows of a sealed epoch are in the backend.
  void ingested(epoch sealed);
  void abandon(checkpoint_id id);

  /// Seals what was written until now; its run goes with `request` once it is encoded.
  void seal(upload_request request);
  /// Encodes some of it.
  void encode_some(slice_budget& budget);
  /// Small pieces of what need not be done now.
  void tidy();
  /// Whether input may be processed, as far as memory goes. Seals rows if that would make
  /// room.
  bool has_room(processing_time now);

  /// Records are to be processed: whether their rows have to be looked for.
  bool begin_window() { return state_ != nullptr && state_->begin_window(); }
  /// Asks for the rows of these keys, if there are any.
  void look_up(encoded_rows missing);
  /// Rows of the window are on their way.
  bool waits() const noexcept { return waits_; }

  /// There is more to encode.
  bool encoding() const noexcept { return encoding_; }
  bool keeps_rows() const noexcept { return state_ != nullptr; }

private:
  task_id id_;
  task_port& port_;
  keyed_state* state_ = nullptr;

  bool loading_ = false;
  bool loads_first_ = false;
  std::optional<encoded_rows> rows_; // restored, being loaded
  std::size_t rows_at_ = 0;

  bool waits_ = false;
  bool encoding_ = false;
  /// Snapshots whose run is not encoded yet, in the order of their epochs.
  std::deque<upload_request> unencoded_;
  std::size_t seals_under_way_ = 0; // and not ingested
};

} // namespace weir
