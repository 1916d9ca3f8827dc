// Which states an operator keeps for each key and where their slots are in its rows, and
// the encoding of such a row:
//   u8       the number of the layout that it was written with
//   u8       flags; 1: every live state expires, and the next is there
//   i64      when the last of them has expired (row_expiry.hpp)
//   varint   which states are live: bit i for the i-th state of the layout
//   for each live state: varint length, then its value as the codec of its type has it
// Frozen: changing this breaks existing checkpoints.
//
// Lifecycle: 1. states are added  2. rows are made, read and written; nothing is added.
#pragma once

#include "state/declared_state.hpp"
#include "state/row_expiry.hpp"
#include "state/state_slot.hpp"

#include <bit>
#include <span>
#include <vector>

namespace weir {

class state_layout {
public:
  static constexpr std::size_t states_max = 32; // bits of state_row::live

  /// Throws failure::usage when the name is no name or taken, or there are too many.
  /// `schema` is that of what `type` writes.
  slot_place add(state_description description, const slot_type& type,
                 record_schema schema);

  const std::vector<state_description>& states() const noexcept { return states_; }
  /// The same with their types, for a restore.
  std::vector<declared_state> declared() const;
  std::size_t row_bytes() const noexcept;
  std::size_t row_alignment() const noexcept { return alignment_; }

  std::size_t size(const state_row& row) const;
  void encode(const state_row& row, std::byte* out) const;
  /// Into a row of which nothing is live. Throws failure::restore_refused.
  void decode(std::span<const std::byte> from, state_row& row) const;
  /// Nothing is live afterwards.
  void clear(state_row& row) const noexcept;

  struct slot {
    slot_place place;
    const slot_type* type;
  };
  const slot& slot_at(slot_place place) const noexcept {
    return slots_[static_cast<std::size_t>(std::countr_zero(place.bit))];
  }
  const std::string& name_at(slot_place place) const noexcept {
    return states_[static_cast<std::size_t>(std::countr_zero(place.bit))].name;
  }
  /// Those that hold deadlines.
  const std::vector<slot>& timers() const noexcept { return timers_; }

  bool expires() const noexcept { return !expiring_.empty(); }
  /// When all that is live in the row has expired; none: something never does.
  std::optional<processing_time> expiry_of(const state_row& row) const;
  /// Drops the states that have expired as a whole.
  void drop_expired(state_row& row, processing_time now) const;
  /// And of the others, the elements.
  void drop_expired_elements(state_row& row, processing_time now) const;

private:
  std::vector<state_description> states_;
  std::vector<record_schema> schemas_; // one for each
  std::vector<slot> slots_;            // likewise
  std::vector<slot> timers_;
  std::vector<slot> expiring_;
  std::uint32_t lasting_ = 0; // bits of the others
  std::size_t end_ = sizeof(state_row);
  std::size_t alignment_ = alignof(state_row);
};

} // namespace weir
