// The in-memory table of one keyed state: rows of (key, value) at memory speed, sealed by
// epoch so that a checkpoint costs the stream O(1). Where rows stand is the business of
// row_directory.hpp, which ones are here that of resident_rows.hpp; this is when they are
// written, and written down.
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

#include "state/resident_rows.hpp"
#include "state/row_sweep.hpp"

namespace weir {

template <record_key Key, class Value>
class row_table : public resident_rows<Key, Value> {
  using base = resident_rows<Key, Value>;
  using base::encoding_;
  using base::max_parallelism_;
  using base::residence_;
  using base::rows_;
  using typename base::bucket;
  using typename base::directory;

public:
  using typename base::encoding;
  using typename base::place;

  struct written {
    Value& value;
    bool created;
  };

  explicit row_table(std::uint32_t max_parallelism, page_supplier* pages = nullptr,
                     encoding how = {})
      : base(max_parallelism, pages, std::move(how)),
        runs_(encoding::shape, max_parallelism) {}

  /// The row of `key`, created if need be, to be written in the open epoch.
  written write(const Key& key, std::uint64_t hash) {
    return write_at(rows_.home(hash), key, [hash] { return hash; });
  }

  /// `write` for records [from, end) of a batch of `size`, in order: calls
  /// `visit(i, key, row)` until it returns false; returns the first record not visited.
  template <class KeyAt, class HashAt, class Visit>
  std::size_t write_each(std::size_t from, std::size_t end, std::size_t size,
                         KeyAt key_at, HashAt hash_at, Visit visit) {
    return look_ahead<encoding::on_heap>(
        rows_, from, end, size, key_at, hash_at,
        [&](std::size_t i, const Key& key, bucket& first) {
          return visit(i, key, write_at(first, key, [&] { return hash_at(i); }));
        });
  }

  /// The same without writing: calls `visit(i, key, hash, place)`.
  template <class KeyAt, class HashAt, class Visit>
  std::size_t find_each(std::size_t from, std::size_t end, std::size_t size, KeyAt key_at,
                        HashAt hash_at, Visit visit) {
    return look_ahead<encoding::on_heap>(
        rows_, from, end, size, key_at, hash_at,
        [&](std::size_t i, const Key& key, bucket& first) {
          const std::uint64_t hash = hash_at(i);
          return visit(i, key, hash, this->find_from(first, key, hash));
        });
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
  /// Removes a row without a value that no run has, except as a removed one; or later,
  /// after the next seal.
  void erase(place gone, std::uint64_t hash) {
    if (residence_.may_leave(epoch_ - 1))
      base::erase(gone, hash);
  }

  /// Seals the open epoch: what was written until now will be in its run.
  epoch seal() {
    runs_.seal(epoch_, residence_.away() ? std::nullopt : std::optional(rows_.rows()));
    written_ = 0;
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

  /// Drops what has expired of the rows in the next `blocks` blocks, round and round.
  void sweep(std::size_t blocks) requires(encoding::removes) {
    if (residence_.loading())
      return; // what is dropped now would come again
    for (; blocks > 0; --blocks) {
      for (bucket& each : sweep_.next(rows_))
        for (std::uint32_t row = 0; each.has(row); ++row)
          sweep_row(each, row);
      this->erase_removed();
    }
  }
  /// So much has been written since the last seal that rows cannot go away before the
  /// next one.
  bool wants_seal() const noexcept {
    const table_room& room = residence_.room();
    if (!room.limited() || (!residence_.away() && this->bytes() < room.table / 4 * 3))
      return false;
    constexpr std::size_t bookkeeping = encoding::shape ? 0 : 24; // of an encoded row
    const std::size_t fit = room.runs / 2 / (encoding_.encoded_bytes() + bookkeeping);
    return written_ > std::max(std::min(rows_.rows() / 4, fit), std::size_t{16});
  }

private:
  static constexpr int skipped_max = 256; // clean entries passed by in one step

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
    const place created = this->new_row(key, hash, epoch_);
    rows_.mark_pending(hash, created);
    ++written_;
    return created;
  }

  /// The first write of the open epoch to a row of an older one.
  [[gnu::noinline]] void touch(std::uint64_t hash, place old) {
    epoch& last_write = old.in->epochs[old.row];
    if (old.in->is_pending(old.row))
      encode_row(old, runs_.run_of(last_write));
    else
      rows_.mark_pending(hash, old);
    last_write = epoch_;
    ++written_;
  }

  void sweep_row(bucket& in, std::uint32_t row) {
    if (residence_.asks() && !residence_.is_ingested(in.epochs[row]))
      return; // an older version might be read instead
    auto& value = in.values[row].get();
    encoding_.sweep(value, in.is_pending(row));
    if (encoding_.gone(value))
      this->remove(in.keys[row].hash_of_key(), in.epochs[row]);
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
      this->erase_removed();
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
          this->remove(b.keys[row].hash_of_key(), sealed);
    }
    return b.pending != 0;
  }

  void encode_row(place source, encoded_run& run) {
    const key_cell<Key>& key = source.in->keys[source.row];
    const key_group group = key_group_of(key.hash_of_key(), max_parallelism_);
    encoding_.append(group, key.get(), source.in->values[source.row].get(),
                     run.part_of(group));
  }

  epoch epoch_ = base::restored_epoch + 1;
  std::size_t cursor_ = 0; // the encoder's place in the directory
  row_sweep<directory> sweep_;
  std::size_t written_ = 0; // rows, in the open epoch
  sealed_runs runs_;
};

} // namespace weir
