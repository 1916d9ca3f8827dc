// The in-memory table of one keyed state: rows of (key, value) at memory speed, sealed by
// epoch so that a checkpoint costs the stream O(1). Where rows stand is the business of
// row_directory.hpp; this is when they are written, and written down.
//
// A row remembers the epoch of its last write, and a pending bit whether that write is
// still to be encoded. The first write of an epoch sets the bit; if it was set by an
// older, sealed epoch, the row is first encoded into the run of that epoch. The encoder
// walks the directory for the oldest sealed epoch and visits what is marked there, in the
// order of memory. So no list of dirty rows exists that a split would have to mend, and a
// seal only counts the epoch up.
//
// A row without a value (only values of some types can be none) is encoded as removed,
// and leaves the table then; one that no run has ever had leaves at once. A value may
// also expire, piece by piece or as a whole: what has expired is dropped by a sweep.
//
// Owned and touched by one task; no locks. Invariant: a pending row has an epoch that is
// open or sealed and not complete.
#pragma once

#include "state/hash.hpp"
#include "state/insert_ahead.hpp"
#include "state/key_group.hpp"
#include "state/row_directory.hpp"
#include "state/row_encoding.hpp"
#include "state/row_sweep.hpp"
#include "state/sealed_runs.hpp"
#include "state/text_pool.hpp"

namespace weir {

template <record_key Key, class Value>
class row_table {
  using directory = row_directory<Key, Value>;
  using bucket = typename directory::bucket;

public:
  /// Where a row is, until another one is created or removed; or an empty place.
  using place = typename directory::place;
  using encoding = row_encoding<Key, Value>;

  struct written {
    Value& value;
    bool created;
  };

  explicit row_table(std::uint32_t max_parallelism, page_supplier* pages = nullptr,
                     encoding how = {})
      : max_parallelism_(max_parallelism), rows_(pages), encoding_(std::move(how)),
        runs_(encoding::shape, max_parallelism) {}

  ~row_table() {
    if constexpr (key_cell<Key>::on_heap || encoding::on_heap)
      release_all();
  }
  row_table(const row_table&) = delete;
  row_table& operator=(const row_table&) = delete;

  std::size_t size() const noexcept { return rows_.rows(); }

  /// The row of `key`, created if need be, to be written in the open epoch.
  written write(const Key& key, std::uint64_t hash) {
    return write_at(rows_.home(hash), key, [hash] { return hash; });
  }

  /// `write` for records [from, end) of a batch of `size`, in order: calls
  /// `visit(i, key, row)` until it returns false; returns the first record not visited.
  template <class KeyAt, class HashAt, class Visit>
  std::size_t write_each(std::size_t from, std::size_t end, std::size_t size,
                         KeyAt key_at, HashAt hash_at, Visit visit) {
    return look_ahead(from, end, size, key_at, hash_at,
                      [&](std::size_t i, const Key& key, bucket& first) {
                        return visit(i, key,
                                     write_at(first, key, [&] { return hash_at(i); }));
                      });
  }

  /// The same without writing: calls `visit(i, key, hash, place)`.
  template <class KeyAt, class HashAt, class Visit>
  std::size_t find_each(std::size_t from, std::size_t end, std::size_t size, KeyAt key_at,
                        HashAt hash_at, Visit visit) {
    return look_ahead(from, end, size, key_at, hash_at,
                      [&](std::size_t i, const Key& key, bucket& first) {
                        const std::uint64_t hash = hash_at(i);
                        const auto row = first.find(key, [hash] { return hash; });
                        return visit(i, key, hash,
                                     row != bucket::rows ? place{&first, row}
                                                         : rows_.find(key, hash));
                      });
  }

  place find_place(const Key& key, std::uint64_t hash) const {
    return rows_.find(key, hash);
  }
  /// The row of this hash whose value is `wanted`; an empty place if there is none.
  template <class Wanted>
  place find_where(std::uint64_t hash, Wanted wanted) const {
    return rows_.find_where(
        hash, [&](place each) { return wanted(each.in->values[each.row].get()); });
  }
  /// The row found at `found`, created if there is none, to be written in the open epoch.
  place open(const Key& key, std::uint64_t hash, place found) {
    if (found.empty())
      return create(key, hash);
    if (!is_open(found))
      touch(hash, found);
    return found;
  }
  bool is_open(place found) const noexcept {
    return found.in->epochs[found.row] == epoch_;
  }
  /// Removes a row that no run has had and that has no value any more.
  void erase(place gone, std::uint64_t hash) {
    release(gone);
    rows_.erase(gone, hash);
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

  /// The value of `key`, or null.
  const Value* find(const Key& key) const {
    const place at = rows_.find(key, hash_of(key));
    return at.empty() ? nullptr : &at.in->values[at.row].get();
  }

  /// Seals the open epoch: what was written until now will be in its run.
  epoch seal() {
    runs_.seal(epoch_, rows_.rows());
    return epoch_++;
  }

  /// Encodes what one directory entry marks of the oldest sealed epoch; false when
  /// nothing is left to encode.
  bool encode_some() {
    const auto sealed = runs_.encoding();
    if (!sealed)
      return false;
    for (int skipped = 0; cursor_ < rows_.entries() && skipped < skipped_max; ++skipped)
      if (auto& next = rows_[cursor_++]; next.marked != 0) {
        encode_marked(next, *sealed);
        break;
      }
    if (cursor_ == rows_.entries()) {
      cursor_ = 0;
      runs_.complete_oldest();
    }
    return runs_.encoding().has_value();
  }

  /// The oldest run whose rows are all encoded.
  std::optional<sealed_run> take_run() { return runs_.take(); }

  /// Moves a segment from small pages to a large one, if it has to and can.
  bool settle_some() { return rows_.settle_some(); }

  /// Drops what has expired of the rows in the next `blocks` blocks, round and round.
  void sweep(std::size_t blocks) requires(encoding::removes) {
    for (; blocks > 0; --blocks) {
      for (bucket& each : sweep_.next(rows_))
        for (std::uint32_t row = 0; each.has(row); ++row) {
          auto& value = each.values[row].get();
          encoding_.sweep(value, each.is_pending(row));
          if (encoding_.gone(value))
            removed_.push_back(each.keys[row].hash_of_key());
        }
      erase_removed();
    }
  }
  bool has_expired([[maybe_unused]] std::span<const std::byte> encoded_value) const {
    if constexpr (encoding::removes)
      return encoding_.has_expired(encoded_value);
    else
      return false;
  }

  /// `restore` for rows [from, end) that have not expired; calls `restored(place)`.
  template <class Restored>
  void restore_each(const encoded_rows& rows, std::size_t from, std::size_t end,
                    Restored restored) {
    insert_ahead(
        rows_, from, end,
        [&](std::size_t i, Key& key) { encoding_.decode_key(rows.key(i), key); },
        [&](std::size_t i) {
          if (!has_expired(rows.value(i)))
            restored(restore(rows.key(i), rows.value(i)));
        });
  }
  /// Inserts a row that is already durable.
  place restore(std::span<const std::byte> encoded_key,
                std::span<const std::byte> encoded_value) {
    Key key{};
    text_arena unescaped;
    encoding_.decode_key(encoded_key, key, &unescaped);
    const place at = new_row(key, hash_of(key), restored_epoch);
    auto& cell = at.in->values[at.row];
    if constexpr (holds_text<Value>)
      texts_.update(cell.get(),
                    [&] { encoding_.decode_value(encoded_value, cell.get()); });
    else
      encoding_.decode_value(encoded_value, cell.get());
    return at;
  }

private:
  // How many records ahead a row's first bucket is requested, and the one behind it.
  static constexpr std::size_t far = 24;
  static constexpr std::size_t near = 8;
  static constexpr std::size_t nearer = 4; // what a row points to

  static constexpr epoch restored_epoch = 1;
  static constexpr int skipped_max = 256; // clean entries passed by in one step

  static void fetch(const bucket& wanted) noexcept {
    __builtin_prefetch(&wanted, 1);
    if constexpr (sizeof(bucket) != detail::cache_line)
      __builtin_prefetch(reinterpret_cast<const std::byte*>(&wanted + 1) - 1, 1);
  }

  template <class Hash>
  static void fetch_value(bucket& first, const Key& key, Hash hash) noexcept {
    if (const auto row = first.find(key, hash); row != bucket::rows)
      __builtin_prefetch(&first.values[row].get(), 1);
  }

  /// Calls `visit(i, key, first bucket of its row)` for records [from, end) of a batch of
  /// `size`, until it returns false. Rows are requested from memory some records ahead,
  /// also beyond `end`, so that none is waited for.
  template <class KeyAt, class HashAt, class Visit>
  [[gnu::always_inline]] std::size_t look_ahead(std::size_t from, std::size_t end,
                                                std::size_t size, KeyAt& key_at,
                                                HashAt& hash_at, Visit visit) {
    // A split may move a row away from where its place was requested. Then it is not
    // found there, like any row outside its first bucket.
    std::array<bucket*, std::bit_ceil(far + 1)> requested;
    const auto request = [&](std::size_t i) {
      bucket& first = rows_.home(hash_at(i));
      fetch(first);
      requested[i % requested.size()] = &first;
    };
    for (std::size_t i = from; i < std::min(size, from + far); ++i)
      request(i);
    for (std::size_t i = from; i < end; ++i) {
      if (i + far < size)
        request(i + far);
      if (i + near < size) {
        const bucket* arrived = requested[(i + near) % requested.size()];
        fetch(*(arrived + arrived->full())); // where the row is if not in a full one
      }
      if constexpr (encoding::on_heap)
        if (i + nearer < size)
          fetch_value(*requested[(i + nearer) % requested.size()], key_at(i + nearer),
                      [&] { return hash_at(i + nearer); });
      const Key& key = key_at(i); // a reference into the record, or it lives here
      if (!visit(i, key, *requested[i % requested.size()]))
        return i + 1;
    }
    return end;
  }

  /// `hash` is called only where it is needed.
  template <class Hash>
  [[gnu::always_inline]] written write_at(bucket& first, const Key& key, Hash hash) {
    const std::uint32_t row = first.find(key, hash);
    if (row == bucket::rows) [[unlikely]]
      return write_beyond(key, hash());
    if (first.epochs[row] != epoch_) [[unlikely]]
      touch(hash(), {&first, row});
    return {first.values[row].get(), false};
  }

  /// `write` where the row is not in its first bucket.
  [[gnu::noinline]] written write_beyond(const Key& key, std::uint64_t hash) {
    const place found = rows_.find(key, hash);
    const bool created = found.empty();
    const place at = open(key, hash, found);
    return {at.in->values[at.row].get(), created};
  }

  [[gnu::noinline]] place create(const Key& key, std::uint64_t hash) {
    const place created = new_row(key, hash, epoch_);
    rows_.mark_pending(hash, created);
    return created;
  }

  /// A row for a key that has none, with the zero value.
  place new_row(const Key& key, std::uint64_t hash, epoch written_in) {
    return rows_.insert(hash, [&](place fresh) {
      auto& value = fresh.in->values[fresh.row];
      encoding_.make(value);
      if constexpr (holds_text<Value>)
        texts_.keep(value.get()); // a default may have texts, too
      fresh.in->keys[fresh.row].set(kept(key), hash);
      fresh.in->epochs[fresh.row] = written_in;
    });
  }

  static const Key& kept(const Key& key) requires(!holds_text<Key>) { return key; }
  Key kept(Key key) requires holds_text<Key> {
    texts_.keep(key);
    return key;
  }

  /// The first write of the open epoch to a row of an older one.
  [[gnu::noinline]] void touch(std::uint64_t hash, place old) {
    epoch& last_write = old.in->epochs[old.row];
    if (old.in->is_pending(old.row))
      encode_row(old, runs_.run_of(last_write));
    else
      rows_.mark_pending(hash, old);
    last_write = epoch_;
  }

  void encode_marked(typename directory::entry& from, epoch sealed) {
    encoded_run& run = runs_.run_of(sealed);
    for (std::uint64_t marks = from.marked; marks != 0; marks &= marks - 1) {
      const auto block = static_cast<unsigned>(std::countr_zero(marks));
      bucket* first = &from.rows->buckets[block * directory::segment::buckets_per_block];
      bool later = false; // written again since: pending for a later epoch
      for (bucket* b = first; b != first + directory::segment::buckets_per_block; ++b)
        later |= encode_bucket(*b, sealed, run);
      if (!later)
        from.marked &= ~(std::uint64_t{1} << block);
    }
    if constexpr (encoding::removes)
      erase_removed();
  }

  /// True when rows of later epochs are left.
  bool encode_bucket(bucket& b, epoch sealed, encoded_run& run) {
    for (std::uint32_t bits = b.pending; bits != 0; bits &= bits - 1) {
      const auto row = static_cast<std::uint32_t>(std::countr_zero(bits));
      if (b.epochs[row] != sealed)
        continue;
      if constexpr (encoding::removes)
        encoding_.drop_expired(b.values[row].get());
      encode_row({&b, row}, run);
      b.clear_pending(row);
      if constexpr (encoding::removes)
        if (encoding_.gone(b.values[row].get()))
          removed_.push_back(b.keys[row].hash_of_key());
    }
    return b.pending != 0;
  }

  void encode_row(place source, encoded_run& run) {
    const key_cell<Key>& key = source.in->keys[source.row];
    const key_group group = key_group_of(key.hash_of_key(), max_parallelism_);
    encoding_.append(group, key.get(), source.in->values[source.row].get(),
                     run.part_of(group));
  }

  /// Not while their buckets are walked, because others move into the gaps.
  void erase_removed() {
    for (const std::uint64_t hash : removed_)
      erase(rows_.find_where(hash,
                             [this](place each) {
                               return encoding_.gone(each.in->values[each.row].get());
                             }),
            hash);
    removed_.clear();
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
  }

  std::uint32_t max_parallelism_;
  epoch epoch_ = restored_epoch + 1;
  directory rows_;
  std::size_t cursor_ = 0; // the encoder's place in the directory
  struct no_texts {};
  [[no_unique_address]] std::conditional_t<holds_text<Key> || holds_text<Value>,
                                           text_pool, no_texts>
      texts_;
  encoding encoding_;
  row_sweep<directory> sweep_;
  std::vector<std::uint64_t> removed_; // hashes of what leaves in this step
  sealed_runs runs_;
};

} // namespace weir
