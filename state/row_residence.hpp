// What a table knows that does not have all of its rows in memory: some are away, which
// is to say in the backend only. Records come in windows. Before a window, the keys of
// its records are looked for; rows of those that are missing arrive from the backend, and
// a key of a window that then has no row has none anywhere.
//
// Invariants: (1) a row goes away only when the backend has ingested its last write, so
// what is read there is the newest; (2) no row of a window goes away before its end; (3)
// while versions of rows are under way from the backend, a removed row stays, as one
// without a value, so that nobody takes an older version for the newest.
#pragma once

#include "state/sealed_runs.hpp"

#include <deque>

namespace weir {

/// What the rows of a table may have of memory, in bytes.
struct table_room {
  std::size_t table = 0; // 0: as much as they need
  std::size_t runs = 0;  // encoded, on their way to the backend

  bool limited() const noexcept { return table != 0; }
};

class row_residence {
public:
  using window_number = std::uint32_t;

  /// What has been written before the first epoch is in the backend.
  explicit row_residence(epoch before) : ingested_(before) {}

  /// The backend can be asked for rows from now on.
  void keep_within(const table_room& room) noexcept {
    room_ = room;
    asks_ = true;
  }
  const table_room& room() const noexcept { return room_; }
  /// Rows may be away, now or later.
  bool asks() const noexcept { return asks_; }
  /// Rows may be away.
  bool away() const noexcept { return away_; }
  void set_away() noexcept { away_ = true; }

  /// A scan of the backend brings all rows as they were when it began.
  void begin_loading() noexcept { away_ = loading_ = true; }
  /// `all`: it has come to its end.
  void end_loading(bool all) noexcept {
    loading_ = false;
    away_ = !all;
  }
  bool loading() const noexcept { return loading_; }

  void begin_window() noexcept { ++window_; }
  window_number window() const noexcept { return window_; }
  /// Rows of the window have been asked for, or have come.
  void set_asked(bool asked) noexcept { asked_ = asked; }

  void ingested(epoch until) noexcept { ingested_ = until; }
  bool is_ingested(epoch written_in) const noexcept { return written_in <= ingested_; }

  /// A row may leave that has been removed: no version of it is anywhere, or will come,
  /// if the last run that knows of it has this epoch.
  bool may_leave(epoch removed_in) const noexcept {
    return !asks_ || (!loading_ && !asked_ && is_ingested(removed_in));
  }
  /// A row is to leave when it may.
  void removed(std::uint64_t hash, epoch in) { departing_.push_back({hash, in}); }
  /// The hash of a removed row that may leave the table; none: none may for now.
  std::optional<std::uint64_t> take_departing() {
    if (departing_.empty() || !may_leave(departing_.front().in))
      return std::nullopt;
    const std::uint64_t hash = departing_.front().hash;
    departing_.pop_front();
    return hash;
  }

private:
  struct departure {
    std::uint64_t hash;
    epoch in;
  };

  table_room room_;
  bool asks_ = false;
  bool away_ = false;
  bool loading_ = false;
  bool asked_ = false;
  window_number window_ = 0;
  epoch ingested_;
  std::deque<departure> departing_; // by epoch
};

} // namespace weir
