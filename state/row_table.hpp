// The in-memory table of one keyed state: rows of (key, value) at memory speed, sealed by
// epoch so that a checkpoint costs the stream O(1).
//
// Extendible hashing: the middle bits of a key's hash choose a segment through the
// directory, the low bits a bucket in it (row_bucket.hpp), and what does not fit there
// goes to the buckets behind it. A segment that fills splits in two, so growth costs
// microseconds at a time, never one large copy.
//
// A row remembers the epoch of its last write, and a pending bit whether that write is
// still to be encoded. The first write of an epoch sets the bit; if it was set by an
// older, sealed epoch, the row is first encoded into the run of that epoch. The encoder
// walks the directory for the oldest sealed epoch and visits what is marked there, in the
// order of memory. So no list of dirty rows exists that a split would have to mend, and a
// seal only counts the epoch up.
//
// Owned and touched by one task; no locks. Invariants: (1) a pending row has an epoch
// that is open or sealed and not complete; (2) the directory entry that the hash of a
// pending row leads to has the row's block marked; (3) a segment is never full.
#pragma once

#include "serialization/check.hpp"
#include "state/hash.hpp"
#include "state/key_group.hpp"
#include "state/row_encoding.hpp"
#include "state/row_segment.hpp"
#include "state/sealed_runs.hpp"
#include "state/segment_arena.hpp"
#include "state/text_pool.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

namespace weir {

template <record_key Key, record Value>
class row_table {
  using segment = row_segment<Key, Value>;
  using bucket = typename segment::bucket;
  using place = typename segment::place;

public:
  static constexpr row_shape shape = row_encoding<Key, Value>::shape;

  struct written {
    Value& value;
    bool created;
  };

  explicit row_table(std::uint32_t max_parallelism, page_supplier* pages = nullptr)
      : max_parallelism_(max_parallelism), arena_(sizeof(segment), pages),
        runs_(shape, max_parallelism) {
    directory_.push_back({new_segment(0, 0), 0});
  }

  ~row_table() {
    if constexpr (on_heap)
      release_all();
  }
  row_table(const row_table&) = delete;
  row_table& operator=(const row_table&) = delete;

  std::size_t size() const noexcept { return size_; }

  /// The row of `key`, created if need be, to be written in the open epoch.
  written write(const Key& key, std::uint64_t hash) {
    return write_at(home(hash), key, [hash] { return hash; });
  }

  /// `write` for records [from, end) of a batch of `size`, in order: calls
  /// `visit(i, key, row)` until it returns false; returns the first record not visited.
  /// Rows are requested from memory some records ahead, also beyond `end`, so that none
  /// is waited for.
  template <class KeyAt, class HashAt, class Visit>
  std::size_t write_each(std::size_t from, std::size_t end, std::size_t size,
                         KeyAt key_at, HashAt hash_at, Visit visit) {
    // A split may move a row away from where its place was requested. Then it is not
    // found there, like any row outside its first bucket.
    std::array<bucket*, std::bit_ceil(far + 1)> requested;
    const auto request = [&](std::size_t i) {
      bucket& first = home(hash_at(i));
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
      const Key& key = key_at(i); // a reference into the record, or it lives here
      bucket& first = *requested[i % requested.size()];
      if (!visit(i, key, write_at(first, key, [&] { return hash_at(i); })))
        return i + 1;
    }
    return end;
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
    const std::uint64_t hash = hash_of(key);
    const place at = segment_of(hash).probe(key, hash);
    return at.empty() ? nullptr : &at.in->values[at.row].get();
  }

  /// Seals the open epoch: what was written until now will be in its run.
  epoch seal() {
    runs_.seal(epoch_, size_);
    return epoch_++;
  }

  /// Encodes what one directory entry marks of the oldest sealed epoch; false when
  /// nothing is left to encode.
  bool encode_some() {
    const auto sealed = runs_.encoding();
    if (!sealed)
      return false;
    for (int skipped = 0; cursor_ < directory_.size() && skipped < skipped_max; ++skipped)
      if (entry& next = directory_[cursor_++]; next.marked != 0) {
        encode_marked(next, *sealed);
        break;
      }
    if (cursor_ == directory_.size()) {
      cursor_ = 0;
      runs_.complete_oldest();
    }
    return runs_.encoding().has_value();
  }

  /// The oldest run whose rows are all encoded.
  std::optional<sealed_run> take_run() { return runs_.take(); }

  /// Moves a segment from small pages to a large one, if it has to and can.
  bool settle_some() {
    return arena_.relocate_one([this](const std::byte* from, std::byte* to) {
      std::memcpy(to, from, sizeof(segment));
      auto* moved = reinterpret_cast<segment*>(to);
      each_entry(moved->prefix, moved->depth, [moved](entry& e) { e.rows = moved; });
    });
  }

  /// Inserts a row that is already durable.
  void restore(std::span<const std::byte> encoded_key,
               std::span<const std::byte> encoded_value) {
    Key key{};
    text_arena unescaped;
    encoding_.decode_key(encoded_key, key, &unescaped);
    const place at = new_row(key, hash_of(key), restored_epoch);
    Value& value = at.in->values[at.row].get();
    update(value, [&] { encoding_.decode_value(encoded_value, value); });
  }

private:
  static constexpr bool on_heap = key_cell<Key>::on_heap || value_cell<Value>::on_heap;

  // How many records ahead a row's first bucket is requested, and the one behind it.
  static constexpr std::size_t far = 24;
  static constexpr std::size_t near = 8;

  static constexpr epoch restored_epoch = 1;
  static constexpr int skipped_max = 256; // clean entries passed by in one step

  static constexpr unsigned depth_max = 32 - segment::bucket_bits; // above: key groups

  struct entry {
    segment* rows;
    std::uint64_t marked; // the blocks in which a row may be pending
  };

  std::size_t directory_index(std::uint64_t hash) const noexcept {
    return (hash >> segment::bucket_bits) & directory_mask_;
  }

  segment& segment_of(std::uint64_t hash) const noexcept {
    return *directory_[directory_index(hash)].rows;
  }
  bucket& home(std::uint64_t hash) const noexcept {
    return segment_of(hash).first_bucket(hash);
  }

  static void fetch(const bucket& wanted) noexcept {
    __builtin_prefetch(&wanted, 1);
    if constexpr (sizeof(bucket) != detail::cache_line)
      __builtin_prefetch(reinterpret_cast<const std::byte*>(&wanted + 1) - 1, 1);
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

  segment* new_segment(std::uint32_t depth, std::uint32_t prefix) {
    auto* fresh = static_cast<segment*>(arena_.allocate()); // zero: every place is empty
    fresh->depth = depth;
    fresh->prefix = prefix;
    return fresh;
  }

  /// The entries that lead to the segment of `depth` bits `prefix`.
  template <class Visit>
  void each_entry(std::size_t prefix, std::uint32_t depth, Visit visit) {
    for (std::size_t i = prefix; i < directory_.size(); i += std::size_t{1} << depth)
      visit(directory_[i]);
  }

  /// A row for a key that has none, with the zero value.
  place new_row(const Key& key, std::uint64_t hash, epoch written_in) {
    while (segment_of(hash).used == segment::rows_max)
      split(hash);
    segment& target = segment_of(hash);
    const place created = target.empty_place(hash);
    created.in->values[created.row].make();
    if constexpr (holds_text<Value>)
      texts_.keep(created.in->values[created.row].get()); // a default may have texts, too
    created.in->keys[created.row].set(kept(key), hash);
    created.in->epochs[created.row] = written_in;
    created.in->set_used(created.row);
    ++target.used;
    ++size_;
    return created;
  }

  static const Key& kept(const Key& key) requires(!holds_text<Key>) { return key; }
  Key kept(Key key) requires holds_text<Key> {
    texts_.keep(key);
    return key;
  }

  /// `write` where the row is not in its first bucket.
  [[gnu::noinline]] written write_beyond(const Key& key, std::uint64_t hash) {
    const place found = segment_of(hash).probe(key, hash);
    if (!found.empty()) {
      if (found.in->epochs[found.row] != epoch_)
        touch(hash, found);
      return {found.in->values[found.row].get(), false};
    }
    const place created = new_row(key, hash, epoch_);
    mark_pending(directory_[directory_index(hash)], created);
    return {created.in->values[created.row].get(), true};
  }

  /// The first write of the open epoch to a row of an older one.
  [[gnu::noinline]] void touch(std::uint64_t hash, place old) {
    epoch& last_write = old.in->epochs[old.row];
    if (old.in->is_pending(old.row))
      encode_row(old, runs_.run_of(last_write));
    else
      mark_pending(directory_[directory_index(hash)], old);
    last_write = epoch_;
  }

  static void mark_pending(entry& home, place at) noexcept {
    at.in->set_pending(at.row);
    home.marked |= std::uint64_t{1} << home.rows->block_of(at);
  }

  void encode_marked(entry& from, epoch sealed) {
    encoded_run& run = runs_.run_of(sealed);
    for (std::uint64_t marks = from.marked; marks != 0; marks &= marks - 1) {
      const auto block = static_cast<unsigned>(std::countr_zero(marks));
      bucket* first = &from.rows->buckets[block * segment::buckets_per_block];
      bool later = false; // written again since: pending for a later epoch
      for (bucket* b = first; b != first + segment::buckets_per_block; ++b)
        later |= encode_bucket(*b, sealed, run);
      if (!later)
        from.marked &= ~(std::uint64_t{1} << block);
    }
  }

  /// True when rows of later epochs are left.
  bool encode_bucket(bucket& b, epoch sealed, encoded_run& run) {
    for (std::uint32_t bits = b.pending; bits != 0; bits &= bits - 1) {
      const auto row = static_cast<std::uint32_t>(std::countr_zero(bits));
      if (b.epochs[row] != sealed)
        continue;
      encode_row({&b, row}, run);
      b.clear_pending(row);
    }
    return b.pending != 0;
  }

  void encode_row(place source, encoded_run& run) {
    const key_cell<Key>& key = source.in->keys[source.row];
    const key_group group = key_group_of(key.hash_of_key(), max_parallelism_);
    encoding_.append(group, key.get(), source.in->values[source.row].get(),
                     run.part_of(group));
  }

  void release_all() noexcept {
    for (std::size_t i = 0; i < directory_.size(); ++i)
      if (directory_[i].rows->prefix == i) // of the entries of a segment the first
        for (bucket& each : directory_[i].rows->buckets)
          for (std::uint32_t row = 0; each.has(row); ++row)
            release({&each, row});
  }

  static void release(place of) noexcept {
    if constexpr (key_cell<Key>::on_heap)
      of.in->keys[of.row].release();
    if constexpr (value_cell<Value>::on_heap)
      of.in->values[of.row].release();
  }

  /// Moves the rows of the segment of `hash` whose next hash bit is set to a new segment,
  /// and closes the gaps they leave.
  [[gnu::noinline]] void split(std::uint64_t hash) {
    segment& full = segment_of(hash);
    const std::uint32_t depth = full.depth;
    WEIR_CHECK(depth < depth_max);
    if ((std::size_t{1} << depth) == directory_.size())
      double_directory();
    const std::uint32_t prefix = full.prefix;
    const std::uint32_t other = prefix | 1U << depth;
    entry halves[] = {{&full, 0}, {new_segment(depth + 1, other), 0}};
    std::memcpy(static_cast<void*>(scratch_.get()), &full, sizeof full);
    std::memset(static_cast<void*>(&full), 0, sizeof full);
    full.depth = depth + 1;
    full.prefix = prefix;
    for (bucket& from : scratch_->buckets)
      for (std::uint32_t row = 0; from.has(row); ++row) {
        const std::uint64_t moved = from.keys[row].hash_of_key();
        move_row({&from, row}, moved,
                 halves[(moved >> (segment::bucket_bits + depth)) & 1]);
      }
    each_entry(prefix, depth + 1, [&](entry& e) { e = halves[0]; });
    each_entry(other, depth + 1, [&](entry& e) { e = halves[1]; });
  }

  static void move_row(place from, std::uint64_t hash, entry& to) {
    const place target = to.rows->empty_place(hash);
    target.in->keys[target.row] = from.in->keys[from.row];
    target.in->values[target.row] = from.in->values[from.row];
    target.in->epochs[target.row] = from.in->epochs[from.row];
    target.in->set_used(target.row);
    if (from.in->is_pending(from.row))
      mark_pending(to, target);
    ++to.rows->used;
  }

  /// Both copies of an entry keep its marks: too many are harmless, too few are not. The
  /// walk of the encoder meets the copies behind those it has passed.
  void double_directory() {
    const std::size_t old_size = directory_.size();
    directory_.resize(old_size * 2);
    std::copy_n(directory_.begin(), old_size,
                directory_.begin() + static_cast<std::ptrdiff_t>(old_size));
    directory_mask_ = directory_.size() - 1;
  }

  std::uint32_t max_parallelism_;
  epoch epoch_ = restored_epoch + 1;
  std::size_t size_ = 0;
  std::size_t directory_mask_ = 0;
  std::vector<entry> directory_; // 2^n entries; segments of lesser depth repeat
  std::size_t cursor_ = 0;       // the encoder's place in the directory
  segment_arena arena_;
  std::unique_ptr<segment> scratch_ =
      std::make_unique_for_overwrite<segment>(); // split's
  struct no_texts {};
  [[no_unique_address]] std::conditional_t<holds_text<Key> || holds_text<Value>,
                                           text_pool, no_texts>
      texts_;
  row_encoding<Key, Value> encoding_;
  sealed_runs runs_;
};

} // namespace weir
