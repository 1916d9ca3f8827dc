// The in-memory table of one keyed state: rows of (key, value) at memory speed, sealed by
// epoch so that a checkpoint costs the stream O(1).
//
// Extendible hashing: the middle bits of a key's hash choose a segment through the
// directory, the low bits a slot in it, linear probing does the rest. A segment that
// fills splits in two, so growth costs microseconds at a time, never one large copy.
//
// A row remembers the epoch of its last write; epoch 0 is an empty slot. A bit per slot
// says "written and not yet encoded". The first write of an epoch sets the bit; if it was
// set by an older, sealed epoch, the row is first encoded into the run of that epoch. The
// encoder walks the bits, in memory order, for the oldest sealed epoch. So no list of
// dirty rows exists that a split would have to mend, and a seal only counts the epoch up.
//
// Owned and touched by one task; no locks. Invariants: (1) a row whose bit is set has an
// epoch that is open or sealed and not complete; (2) a segment is never full.
#pragma once

#include "serialization/codec.hpp"
#include "serialization/ordered_key.hpp"
#include "state/hash.hpp"
#include "state/key_group.hpp"
#include "state/sealed_runs.hpp"
#include "state/segment_arena.hpp"

#include <boost/pfr/ops.hpp>

#include <array>
#include <bit>
#include <vector>

namespace weir {

template <fixed_key Key, fixed_record Value>
class row_table {
public:
  /// Key group, then the ordered key: what RocksDB sorts by.
  static constexpr std::size_t key_bytes = sizeof(key_group) + ordered_key<Key>::size;
  static constexpr std::size_t value_bytes = codec<Value>::size;

  struct written {
    Value& value;
    bool created;
  };

  explicit row_table(std::uint32_t max_parallelism)
      : max_parallelism_(max_parallelism), arena_(sizeof(segment)),
        runs_(key_bytes, value_bytes) {
    segments_.push_back(new_segment(0));
    directory_.push_back(segments_.front());
  }

  std::size_t size() const noexcept { return size_; }

  /// Requests the cache lines where the probe for `hash` will begin: a row may lie across
  /// two, and the probe often goes on to the next one.
  void prefetch(std::uint64_t hash) const noexcept {
    const auto* first =
        reinterpret_cast<const std::byte*>(&segment_of(hash)->rows[hash & slot_mask]);
    __builtin_prefetch(first, 1);
    __builtin_prefetch(first + std::min<std::size_t>(2 * sizeof(row) - 8, 64), 1);
  }

  /// The row of `key`, created if need be, to be written in the open epoch.
  written write(const Key& key, std::uint64_t hash) {
    segment* home = segment_of(hash);
    for (std::size_t slot = hash & slot_mask;; slot = (slot + 1) & slot_mask) {
      row& candidate = home->rows[slot];
      if (candidate.epoch == 0)
        return {create(*home, slot, key, hash).value, true};
      if (same(candidate.key, key)) {
        if (candidate.epoch != epoch_) [[unlikely]]
          touch(*home, slot);
        return {candidate.value, false};
      }
    }
  }

  /// The value of `key`, or null.
  const Value* find(const Key& key) const {
    const std::uint64_t hash = hash_of(key);
    const segment* home = segment_of(hash);
    for (std::size_t slot = hash & slot_mask;; slot = (slot + 1) & slot_mask) {
      const row& candidate = home->rows[slot];
      if (candidate.epoch == 0)
        return nullptr;
      if (same(candidate.key, key))
        return &candidate.value;
    }
  }

  /// Seals the open epoch: what was written until now will be in its run.
  epoch seal() {
    runs_.seal(epoch_);
    return epoch_++;
  }

  /// Encodes one segment of the oldest sealed epoch; false when nothing is left to
  /// encode.
  bool encode_some() {
    const auto sealed = runs_.encoding();
    if (!sealed)
      return false;
    if (cursor_ < segments_.size())
      encode_segment(*segments_[cursor_++], *sealed);
    if (cursor_ == segments_.size()) {
      cursor_ = 0;
      runs_.complete_oldest();
    }
    return runs_.encoding().has_value();
  }

  /// The oldest run whose rows are all encoded.
  std::optional<sealed_run> take_run() { return runs_.take(); }

  /// Inserts a row that is already durable.
  void restore(std::span<const std::byte> encoded_key,
               std::span<const std::byte> encoded_value) {
    Key key{};
    ordered_key<Key>::decode_into(key, encoded_key.data() + sizeof(key_group));
    const std::uint64_t hash = hash_of(key);
    while (segment_of(hash)->used == rows_max)
      split(hash);
    segment& home = *segment_of(hash);
    row& restored = home.rows[empty_slot(home, hash)];
    restored.key = key;
    codec<Value>::decode_into(restored.value, encoded_value.data());
    restored.epoch = restored_epoch;
    ++home.used;
    ++size_;
  }

private:
  static constexpr epoch restored_epoch = 1;

  struct row {
    Key key;
    Value value;
    weir::epoch epoch;
  };
  static_assert(std::is_trivially_copyable_v<row>);

  static constexpr std::size_t segment_bytes = std::size_t{32} << 10;
  static constexpr std::size_t slots =
      std::max<std::size_t>(64, std::bit_floor(segment_bytes / sizeof(row)));
  static constexpr std::size_t slot_mask = slots - 1;
  static constexpr unsigned slot_bits = std::countr_zero(slots);
  static constexpr std::size_t rows_max = slots - slots / 4;
  static constexpr unsigned depth_max = 32 - slot_bits; // above: the key group's bits

  struct segment {
    std::array<row, slots> rows;
    std::array<std::uint64_t, slots / 64> pending;
    std::uint32_t used;
    std::uint32_t depth;

    void clear() {
      std::memset(static_cast<void*>(rows.data()), 0, sizeof rows);
      pending.fill(0);
      used = 0;
    }
  };

  static bool same(const Key& a, const Key& b) {
    if constexpr (detail::scalar<Key> || detail::is_std_array<Key>::value)
      return a == b;
    else
      return boost::pfr::eq(a, b);
  }

  std::size_t directory_index(std::uint64_t hash) const noexcept {
    return (hash >> slot_bits) & directory_mask_;
  }
  segment* segment_of(std::uint64_t hash) const noexcept {
    return directory_[directory_index(hash)];
  }

  segment* new_segment(std::uint32_t depth) {
    auto* fresh = static_cast<segment*>(arena_.allocate()); // zero: all slots empty
    fresh->depth = depth;
    return fresh;
  }

  /// A row of the open epoch in the empty slot where the probe for it ended.
  [[gnu::noinline]] row& create(segment& home, std::size_t slot, const Key& key,
                                std::uint64_t hash) {
    if (home.used == rows_max) [[unlikely]]
      return create_in_split(key, hash);
    row& created = home.rows[slot];
    created.key = key;
    created.value = Value{};
    created.epoch = epoch_;
    set_pending(home, slot);
    ++home.used;
    ++size_;
    return created;
  }

  [[gnu::noinline]] row& create_in_split(const Key& key, std::uint64_t hash) {
    while (segment_of(hash)->used == rows_max)
      split(hash);
    segment& home = *segment_of(hash);
    return create(home, empty_slot(home, hash), key, hash);
  }

  /// The first write of the open epoch to a row of an older one.
  [[gnu::noinline]] void touch(segment& home, std::size_t slot) {
    row& old = home.rows[slot];
    if (is_pending(home, slot))
      encode_row(old, runs_.run_of(old.epoch));
    else
      set_pending(home, slot);
    old.epoch = epoch_;
  }

  void encode_segment(segment& s, epoch sealed) {
    for (std::size_t word = 0; word < s.pending.size(); ++word) {
      for (std::uint64_t bits = s.pending[word]; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(bits));
        row& candidate = s.rows[word * 64 + bit];
        if (candidate.epoch != sealed)
          continue; // written again since: it belongs to a later epoch
        encode_row(candidate, runs_.run_of(sealed));
        s.pending[word] &= ~(std::uint64_t{1} << bit);
      }
    }
  }

  void encode_row(const row& source, encoded_run& run) const {
    std::byte* out = run.append();
    const auto group = key_group_of(hash_of(source.key), max_parallelism_);
    ordered_key<key_group>::encode(group, out);
    ordered_key<Key>::encode(source.key, out + sizeof(key_group));
    codec<Value>::encode(source.value, out + key_bytes);
  }

  /// Moves the rows of the segment of `hash` whose next hash bit is set to a new segment,
  /// and closes the gaps they leave.
  [[gnu::noinline]] void split(std::uint64_t hash) {
    segment& full = *segment_of(hash);
    WEIR_CHECK(full.depth < depth_max);
    if ((std::size_t{1} << full.depth) == directory_.size())
      double_directory();
    segment& sibling = *new_segment(full.depth + 1);
    const std::uint64_t bit = std::uint64_t{1} << (slot_bits + full.depth);
    std::memcpy(static_cast<void*>(scratch_.get()), &full, sizeof full);
    full.clear();
    for (std::size_t slot = 0; slot < slots; ++slot) {
      const row& moved = scratch_->rows[slot];
      if (moved.epoch == 0)
        continue;
      const std::uint64_t moved_hash = hash_of(moved.key);
      segment& half = (moved_hash & bit) ? sibling : full;
      const std::size_t target = empty_slot(half, moved_hash);
      half.rows[target] = moved;
      if (is_pending(*scratch_, slot))
        set_pending(half, target);
      ++half.used;
    }
    enter(full, sibling, hash);
  }

  /// Directs the upper half of the entries of `full` to its new sibling.
  void enter(segment& full, segment& sibling, std::uint64_t hash) {
    const std::size_t stride = std::size_t{2} << full.depth;
    const std::size_t upper = std::size_t{1} << full.depth;
    for (std::size_t i = (directory_index(hash) & (upper - 1)) + upper;
         i < directory_.size(); i += stride)
      directory_[i] = &sibling;
    ++full.depth;
    // The walk of the encoder may have passed the old segment already; the new one goes
    // to the end, where the walk still comes by.
    segments_.push_back(&sibling);
  }

  void double_directory() {
    const std::size_t old_size = directory_.size();
    directory_.resize(old_size * 2);
    std::copy_n(directory_.begin(), old_size,
                directory_.begin() + static_cast<std::ptrdiff_t>(old_size));
    directory_mask_ = directory_.size() - 1;
  }

  static std::size_t empty_slot(const segment& s, std::uint64_t hash) noexcept {
    std::size_t slot = hash & slot_mask;
    while (s.rows[slot].epoch != 0)
      slot = (slot + 1) & slot_mask;
    return slot;
  }
  static bool is_pending(const segment& s, std::size_t slot) noexcept {
    return (s.pending[slot / 64] >> (slot % 64)) & 1;
  }
  static void set_pending(segment& s, std::size_t slot) noexcept {
    s.pending[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }

  std::uint32_t max_parallelism_;
  epoch epoch_ = restored_epoch + 1;
  std::size_t size_ = 0;
  std::size_t directory_mask_ = 0;
  std::vector<segment*> directory_; // 2^n entries; segments of lesser depth repeat
  std::vector<segment*> segments_;  // every segment once, in the encoder's order
  std::size_t cursor_ = 0;          // the encoder's place in segments_
  segment_arena arena_;
  std::unique_ptr<segment> scratch_ =
      std::make_unique_for_overwrite<segment>(); // split's
  sealed_runs runs_;
};

} // namespace weir
