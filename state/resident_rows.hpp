// The rows of a table that are in memory, with all that they point to: how they come,
// from the backend or as new ones, and how they leave, removed or to make room for others
// (row_residence.hpp). When they are written, and written down, is the business of
// row_table.hpp.
//
// Owned and touched by one task; no locks.
#pragma once

#include "state/hash.hpp"
#include "state/insert_ahead.hpp"
#include "state/key_group.hpp"
#include "state/row_directory.hpp"
#include "state/row_encoding.hpp"
#include "state/row_look_ahead.hpp"
#include "state/row_residence.hpp"
#include "state/text_pool.hpp"

namespace weir {

template <record_key Key, class Value>
class resident_rows {
protected:
  using directory = row_directory<Key, Value>;
  using bucket = typename directory::bucket;

public:
  /// Where a row is, until another one is created or removed; or an empty place.
  using place = typename directory::place;
  using encoding = row_encoding<Key, Value>;

  resident_rows(std::uint32_t max_parallelism, page_supplier* pages, encoding how)
      : max_parallelism_(max_parallelism), rows_(pages), encoding_(std::move(how)) {}
  ~resident_rows() {
    if constexpr (key_cell<Key>::on_heap || encoding::on_heap)
      release_all();
  }
  resident_rows(const resident_rows&) = delete;
  resident_rows& operator=(const resident_rows&) = delete;

  std::size_t size() const noexcept { return rows_.rows(); }

  place find_place(const Key& key, std::uint64_t hash) const {
    return rows_.find(key, hash);
  }
  /// The row of this hash whose value is `wanted`; an empty place if there is none.
  template <class Wanted>
  place find_where(std::uint64_t hash, Wanted wanted) const {
    return rows_.find_where(
        hash, [&](place each) { return wanted(each.in->values[each.row].get()); });
  }
  /// The value of `key`, or null.
  const Value* find(const Key& key) const {
    const place at = rows_.find(key, hash_of(key));
    return at.empty() ? nullptr : &at.in->values[at.row].get();
  }

  /// Calls `change`, which may assign to the value of a row. Texts that it assigns are
  /// copied before `update` returns.
  template <class Change>
  [[gnu::always_inline]] void update(Value& value, Change&& change) {
    if constexpr (holds_text<Value>)
      texts_.update(value, change);
    else
      change();
  }

  /// Moves a segment from small pages to a large one, if it has to and can.
  bool settle_some() { return rows_.settle_some(); }

  bool has_expired([[maybe_unused]] std::span<const std::byte> encoded_value) const {
    if constexpr (encoding::removes)
      return encoding_.has_expired(encoded_value);
    else
      return false;
  }

  /// Inserts rows [from, end), which the backend has, except those that are here or have
  /// expired; calls `restored(place)`.
  template <class Restored>
  void restore_each(const encoded_rows& rows, std::size_t from, std::size_t end,
                    Restored restored) {
    insert_ahead(
        rows_, from, end,
        [&](std::size_t i, Key& key) { encoding_.decode_key(rows.key(i), key); },
        [&](std::size_t i) {
          if (const auto at = restore(rows.key(i), rows.value(i)))
            restored(*at);
        });
  }
  /// Inserts a row that the backend has, unless it has expired or a version is here.
  std::optional<place> restore(std::span<const std::byte> encoded_key,
                               std::span<const std::byte> encoded_value) {
    if (has_expired(encoded_value))
      return std::nullopt;
    Key key{};
    text_arena unescaped;
    encoding_.decode_key(encoded_key, key, &unescaped);
    const std::uint64_t hash = hash_of(key);
    if (!rows_.find(key, hash).empty())
      return std::nullopt;
    const place at = new_row(key, hash, restored_epoch);
    auto& value = at.in->values[at.row].get();
    update(value, [&] { encoding_.decode_value(encoded_value, value); });
    return at;
  }

  row_residence& residence() noexcept { return residence_; }
  /// In memory, in bytes, about: its rows and what they point to.
  std::size_t bytes() const noexcept {
    std::size_t sum = rows_.capacity() + rows_.rows() * encoding_.bytes_on_heap();
    if constexpr (has_texts)
      sum += texts_.capacity();
    return sum;
  }
  /// It may become no larger than it is.
  bool is_full() const noexcept {
    return residence_.room().limited() &&
           bytes() + sizeof(typename directory::segment) > residence_.room().table;
  }

  /// Whoever processes further records has to look for their keys first, if this says so.
  bool begin_window() {
    residence_.begin_window();
    overflows_ = is_full() && !residence_.loading();
    if (overflows_)
      residence_.set_away();
    return residence_.away();
  }
  /// Looks for the keys of a batch of the window; adds those that have no row here to
  /// `missing`.
  template <class KeyAt, class HashAt>
  void look_for_each(std::size_t size, KeyAt key_at, HashAt hash_at,
                     encoded_rows& missing) {
    look_ahead<encoding::on_heap>(
        rows_, 0, size, size, key_at, hash_at,
        [&](std::size_t i, const Key& key, bucket& first) {
          const std::uint64_t hash = hash_at(i);
          if (overflows_)
            make_room(hash);
          if (const place at = find_from(first, key, hash); !at.empty())
            at.in->set_recent(at.row);
          else
            encoding_.append_key(key_group_of(hash, max_parallelism_), key, missing);
          return true;
        });
  }
  /// Removed rows whose removal the backend has leave; false when none is left to.
  bool let_go_some() {
    if constexpr (encoding::removes) {
      while (removed_.size() < departures_max)
        if (const auto hash = residence_.take_departing())
          removed_.push_back(*hash);
        else
          break;
      const bool all = removed_.size() < departures_max;
      erase_removed();
      return !all;
    } else {
      return false;
    }
  }

protected:
  /// What is in the backend when a task begins was written then.
  static constexpr epoch restored_epoch = 1;

  place find_from(bucket& first, const Key& key, std::uint64_t hash) const {
    const auto row = first.find(key, [hash] { return hash; });
    return row != bucket::rows ? place{&first, row} : rows_.find(key, hash);
  }

  /// A row for a key that has none, with the zero value.
  place new_row(const Key& key, std::uint64_t hash, epoch written_in) {
    if (residence_.away() && rows_.segment_of(hash).full() && is_full()) [[unlikely]]
      send_away(hash, [](place each) { return !each.in->is_recent(each.row); });
    const place created = rows_.insert(hash, [&](place fresh) {
      auto& value = fresh.in->values[fresh.row];
      encoding_.make(value);
      if constexpr (holds_text<Value>)
        texts_.keep(value.get()); // a default may have texts, too
      fresh.in->keys[fresh.row].set(kept(key), hash);
      fresh.in->epochs[fresh.row] = written_in;
    });
    created.in->set_recent(created.row); // more records of the window may be for it
    return created;
  }

  /// The row of `hash` without a value is to leave, in this step or when it may.
  void remove(std::uint64_t hash, epoch removed_in) {
    if (residence_.asks())
      residence_.removed(hash, removed_in);
    else
      removed_.push_back(hash);
  }
  void erase(place gone, std::uint64_t hash) {
    release(gone);
    rows_.erase(gone, hash);
  }
  /// Not while their buckets are walked, because others move into the gaps.
  void erase_removed() {
    for (const std::uint64_t hash : removed_) {
      const place gone = rows_.find_where(hash, [this](place each) {
        return encoding_.gone(each.in->values[each.row].get()) &&
               residence_.may_leave(each.in->epochs[each.row]);
      });
      if (!gone.empty()) // written again since
        erase(gone, hash);
    }
    removed_.clear();
  }

  std::uint32_t max_parallelism_;
  directory rows_;
  encoding encoding_;
  row_residence residence_{restored_epoch};

private:
  static constexpr bool has_texts = holds_text<Key> || holds_text<Value>;
  static constexpr std::size_t departures_max = 64;
  /// Rows of a segment that soon has to split, or to do without some.
  static constexpr std::size_t crowded = directory::segment::rows_max / 8 * 7;

  static const Key& kept(const Key& key) requires(!holds_text<Key>) { return key; }
  Key kept(Key key) requires holds_text<Key> {
    texts_.keep(key);
    return key;
  }

  /// Once in a window for each segment of which rows are looked for, and before the first
  /// one is: so none of the window's is in it yet.
  void make_room(std::uint64_t hash) {
    auto& in = rows_.segment_of(hash);
    if (std::exchange(in.window, residence_.window()) == residence_.window())
      return;
    if (in.used < crowded && encoding_.bytes_on_heap() == 0)
      return;
    send_away(hash, [](place each) { return !each.in->is_recent(each.row); });
    if (in.used >= crowded)
      send_away(hash, [](place) { return true; });
    for (bucket& each : in.buckets)
      each.recent = 0; // who is not looked for until the next time goes then
  }

  /// An eighth of a segment's rows, or as many as may, of those that are `dispensable`.
  template <class Dispensable>
  [[gnu::noinline]] void send_away(std::uint64_t hash, Dispensable dispensable) {
    const auto may_go = [&](place each) {
      return dispensable(each) && !residence_.loading() &&
             residence_.is_ingested(each.in->epochs[each.row]) &&
             encoding_.may_go(each.in->values[each.row].get());
    };
    auto& in = rows_.segment_of(hash);
    std::size_t candidates = 0;
    for (bucket& each : in.buckets)
      for (std::uint32_t row = 0; each.has(row); ++row)
        candidates += may_go({&each, row});
    const std::size_t go = std::min<std::size_t>(candidates, (in.used + 7) / 8);
    if (go == 0)
      return;
    // Every so many of them, and not the same ones each time.
    std::size_t due = residence_.window() * go % candidates;
    rows_.thin_out(hash, [&](place each) {
      if (!may_go(each))
        return true;
      due += go;
      if (due < candidates)
        return true;
      due -= candidates;
      release(each);
      return false;
    });
  }

  void release_all() noexcept {
    rows_.each_bucket([this](bucket& each) {
      for (std::uint32_t row = 0; each.has(row); ++row)
        release({&each, row});
    });
  }

  void release(place of) noexcept {
    if constexpr (key_cell<Key>::on_heap)
      of.in->keys[of.row].release();
    else if constexpr (holds_text<Key>)
      texts_.drop(of.in->keys[of.row].held);
    if constexpr (encoding::on_heap)
      encoding_.release(of.in->values[of.row]);
    else if constexpr (holds_text<Value>)
      texts_.drop(of.in->values[of.row].held);
  }

  struct no_texts {};
  [[no_unique_address]] std::conditional_t<has_texts, text_pool, no_texts> texts_;
  bool overflows_ = false;             // in this window
  std::vector<std::uint64_t> removed_; // hashes of what leaves in this step
};

} // namespace weir
