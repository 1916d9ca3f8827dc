// A row table whose values are rows of bound states: how they are made, written down and
// given up, and how the current row moves through the table.
#pragma once

#include "state/keyed/timer.hpp"
#include "state/row_slab.hpp"
#include "state/row_table.hpp"
#include "state/state_layout.hpp"
#include "state/timer_index.hpp"

namespace weir {

template <>
struct value_cell<state_row> {
  state_row* held;

  static constexpr bool on_heap = true;

  state_row& get() noexcept { return *held; }
};

template <record_key Key>
class row_encoding<Key, state_row> : public row_keys<Key> {
public:
  static constexpr row_shape shape = std::nullopt;
  static constexpr bool on_heap = true;
  static constexpr bool removes = true;

  /// The layout is complete; both outlive this.
  row_encoding(const state_layout& layout, const processing_time& now)
      : layout_(&layout), now_(&now),
        memory_(layout.row_bytes(), layout.row_alignment()) {}

  void make(value_cell<state_row>& fresh) {
    fresh.held = new (memory_.allocate()) state_row;
  }
  void release(value_cell<state_row>& gone) noexcept {
    layout_->clear(*gone.held);
    memory_.release(reinterpret_cast<std::byte*>(gone.held));
  }
  static bool none(const state_row& row) noexcept { return row.live == 0; }
  /// The deadlines of a row are looked for in memory.
  bool may_go(const state_row& row) const noexcept {
    return std::ranges::none_of(layout_->timers(),
                                [&](const auto& each) { return each.place.live(row); });
  }
  std::size_t encoded_bytes() const noexcept { return weight_.average(); }
  std::size_t bytes_on_heap() const noexcept {
    return row_keys<Key>::bytes_on_heap() + layout_->row_bytes() + encoded_bytes();
  }
  /// Nobody needs the row any more, in memory or elsewhere.
  static bool gone(const state_row& row) noexcept {
    return none(row) && !row.written_down;
  }

  /// Before a row is encoded of which nothing is in use.
  void drop_expired(state_row& row) const {
    if (layout_->expires())
      layout_->drop_expired_elements(row, *now_);
  }
  /// The same for a row that may be `pending`, in few steps. One that is not is written
  /// down as it was, and what is written says itself when it has expired: a removal need
  /// not be.
  void sweep(state_row& row, bool pending) const {
    layout_->drop_expired(row, *now_);
    if (none(row) && !pending)
      row.written_down = false;
  }
  bool has_expired(std::span<const std::byte> encoded_value) const {
    const auto until = row_expiry(encoded_value);
    return until && *until <= *now_;
  }

  void append(key_group group, const Key& key, state_row& row, encoded_rows& to) {
    if (none(row)) {
      if (std::exchange(row.written_down, false))
        to.append_removed(this->encoded_key(group, key));
      return;
    }
    const std::string& key_bytes = this->encoded_key(group, key);
    row.written_down = true;
    const row_sizes sizes{key_bytes.size(), layout_->size(row)};
    check_row(sizes);
    weight_.note(sizes.key + sizes.value);
    std::byte* const out = to.append(sizes);
    std::memcpy(out, key_bytes.data(), sizes.key);
    layout_->encode(row, out + sizes.key);
  }

  void decode_value(std::span<const std::byte> from, state_row& row) {
    layout_->decode(from, row);
    row.written_down = true;
  }

private:
  const state_layout* layout_;
  const processing_time* now_;
  row_slab memory_;
  row_weight weight_;
};

/// The current row of a table of bound states, and the indexes of the deadlines in it.
template <record_key Key>
class row_in_table final : public current_row {
public:
  using table = row_table<Key, state_row>;

  /// Once, before the first row is entered.
  void attach(table& rows, const state_layout& layout) noexcept {
    rows_ = &rows;
    layout_ = &layout;
  }

  /// From here to `leave` this is the current row. The key lives as long.
  [[gnu::always_inline]] void enter(const Key& key, std::uint64_t hash,
                                    typename table::place at) noexcept {
    key_ = &key;
    hash_ = hash;
    at_ = at;
    if (at.empty())
      return;
    row_ = &at.in->values[at.row].get();
    open_ = rows_->is_open(at);
  }
  void enter(const Key& key, std::uint64_t hash) {
    enter(key, hash, rows_->find_place(key, hash));
  }
  [[gnu::always_inline]] void leave() {
    if (row_ != nullptr && row_->live == 0 && !row_->written_down) [[unlikely]]
      rows_->erase(at_, hash_);
    row_ = nullptr;
    open_ = false;
    key_ = nullptr;
  }

  const Key& key() const noexcept { return *key_; }

  void tell_time(processing_time now) noexcept { now_ = now; }

  template <class Time>
  bool has_due(Time now) const noexcept {
    return of(kind_of_time<Time>).has_due(now.time_since_epoch());
  }
  /// In the indexes, of which some may be of no use any more.
  std::size_t indexed() const noexcept {
    return of(time_kind::event).size() + of(time_kind::processing).size();
  }
  /// Enters the row with the first deadline until `now`, which is taken from it. Nothing
  /// if no deadline of this time has come.
  template <class Time>
  std::optional<fired_timer> enter_due(Time now) {
    timer_index& deadlines = of(kind_of_time<Time>);
    while (deadlines.has_due(now.time_since_epoch()))
      if (const auto fired = look(deadlines.take_first()))
        return fired;
    return std::nullopt;
  }
  /// When to look for the first deadline in processing time.
  std::optional<processing_time> next_deadline() const noexcept {
    const auto first = of(time_kind::processing).first();
    return first ? std::optional(processing_time(*first)) : std::nullopt;
  }
  /// The deadlines of a row that was restored are in the index from now on.
  void index_restored(typename table::place at) {
    state_row& row = at.in->values[at.row].get();
    for (const state_layout::slot& each : layout_->timers())
      if (each.place.live(row))
        index({{}, at.in->keys[at.row].hash_of_key(), &row, each.place}, each);
  }

private:
  void open_row() override;
  void look_at(time_kind kind, time_count then, slot_place place) override {
    timer_index& deadlines = of(kind);
    deadlines.add({then, hash_, row_, place});
    // A row needs no more than one entry for each of its slots.
    if (deadlines.size() > rows_->size() * layout_->timers().size() + few_entries)
      deadlines.sweep(2, [this](const auto& each) { return place_of(each).empty(); });
  }

  timer_index& of(time_kind kind) noexcept {
    return deadlines_[static_cast<std::size_t>(kind)];
  }
  const timer_index& of(time_kind kind) const noexcept {
    return deadlines_[static_cast<std::size_t>(kind)];
  }

  static constexpr std::size_t few_entries = 64;

  /// Of the row that `entry` looks after; empty if there is none, or another one does.
  typename table::place place_of(const timer_index::entry& entry) const;
  std::optional<fired_timer> look(const timer_index::entry& due);
  void index(timer_index::entry entry, const state_layout::slot& slot) {
    std::byte* const held = slot.place.in(*entry.row);
    entry.when = slot.type->timer->first(held);
    slot.type->timer->looked_at(held) = entry.when;
    of(slot.type->timer->kind).add(entry);
  }

  table* rows_ = nullptr;
  const state_layout* layout_ = nullptr;
  const Key* key_ = nullptr; // null outside of processing
  std::uint64_t hash_ = 0;
  typename table::place at_{};
  std::array<timer_index, 2> deadlines_; // by the kind of their time
  Key due_key_{};                        // while on_timer runs
};

template <record_key Key>
void row_in_table<Key>::open_row() {
  if (key_ == nullptr)
    current_row::throw_no_key();
  at_ = rows_->open(*key_, hash_, at_);
  row_ = &at_.in->values[at_.row].get();
  open_ = true;
}

template <record_key Key>
auto row_in_table<Key>::place_of(const timer_index::entry& entry) const ->
    typename table::place {
  return rows_->find_where(entry.hash, [&](const state_row& each) {
    if (&each != entry.row || !entry.place.live(each))
      return false;
    const timer_type& type = *layout_->slot_at(entry.place).type->timer;
    return type.looked_at(entry.place.in(*entry.row)) == entry.when;
  });
}

/// Enters the row of an entry whose time has come, if its deadline has.
template <record_key Key>
std::optional<fired_timer> row_in_table<Key>::look(const timer_index::entry& due) {
  const auto at = place_of(due);
  if (at.empty())
    return std::nullopt;
  const state_layout::slot& slot = layout_->slot_at(due.place);
  const timer_type& type = *slot.type->timer;
  std::byte* const held = due.place.in(*due.row);
  const time_count deadline = type.first(held);
  if (deadline > due.when) { // in its turn, if it has come, too
    index(due, slot);
    return std::nullopt;
  }
  due_key_ = at.in->keys[at.row].get();
  enter(due_key_, due.hash, at);
  current_row::open();
  if (type.take_first(held)) {
    index(due, slot);
  } else {
    slot.type->destroy(held);
    due.row->live &= ~due.place.bit;
  }
  return fired_timer(due.place, type.kind, deadline);
}

} // namespace weir
