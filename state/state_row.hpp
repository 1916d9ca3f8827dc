// The row of a key in an operator whose states are bound by name: a header, and behind it
// a slot for each state at the offset that the layout gives it (state_layout.hpp). A slot
// holds an object of the state's type while the state's bit in `live` is set, and nothing
// else. A row of which nothing is live stands for no row.
#pragma once

#include "state/time.hpp"

#include <cstddef>
#include <cstdint>

namespace weir {

struct state_row {
  std::uint32_t live = 0;
  /// The newest run that knows of this row has it with something live.
  bool written_down = false;
};

/// Where a state's slot is.
struct slot_place {
  std::uint32_t offset = 0;
  std::uint32_t bit = 0;

  friend bool operator==(const slot_place&, const slot_place&) = default;

  bool live(const state_row& row) const noexcept { return (row.live & bit) != 0; }
  std::byte* in(state_row& row) const noexcept {
    return reinterpret_cast<std::byte*>(&row) + offset;
  }
  const std::byte* in(const state_row& row) const noexcept {
    return reinterpret_cast<const std::byte*>(&row) + offset;
  }
};

/// The row of the key whose record or timer is being processed: what all states that were
/// bound for one function read and write. Whoever processes moves it from row to row.
class current_row {
public:
  /// Null if the key has none.
  const state_row* find() const noexcept { return row_; }
  /// To be written; made if the key has none. Throws failure::job_failed outside of
  /// processing.
  state_row& open() {
    if (!open_) [[unlikely]]
      open_row();
    return *row_;
  }
  /// A timer of this row in the slot at `place` has to be looked at then.
  virtual void look_at(time_kind kind, time_count then, slot_place place) = 0;
  /// In processing time, as the task was told it last.
  const processing_time& now() const noexcept { return now_; }

protected:
  current_row() = default;
  ~current_row() = default;
  current_row(const current_row&) = delete;
  current_row& operator=(const current_row&) = delete;

  virtual void open_row() = 0; // sets both
  [[noreturn]] static void throw_no_key();

  state_row* row_ = nullptr;
  bool open_ = false;
  processing_time now_{};
};

} // namespace weir
