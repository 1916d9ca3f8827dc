// Where the rows of a table stand. Extendible hashing: the middle bits of a key's hash
// choose a segment through the directory, the low bits a bucket in it (row_bucket.hpp),
// and what does not fit there goes to the buckets behind it. A segment that fills splits
// in two, so growth costs microseconds at a time, never one large copy.
//
// Every entry of the directory marks the blocks of its segment in which one of its rows
// may be pending, so that who looks for pending rows need not visit all. Invariants: (1)
// the entry that the hash of a pending row leads to has the row's block marked; (2) a
// segment is never full; (3) between the first bucket of a row and the row all buckets
// are full.
#pragma once

#include "serialization/check.hpp"
#include "state/row_segment.hpp"
#include "state/segment_arena.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

namespace weir {

template <class Key, class Value>
class row_directory {
public:
  using segment = row_segment<Key, Value>;
  using bucket = typename segment::bucket;
  using place = typename segment::place;

  struct entry {
    segment* rows;
    std::uint64_t marked;
  };

  /// `pages` may be null.
  explicit row_directory(page_supplier* pages) : arena_(sizeof(segment), pages) {
    entries_.push_back({new_segment(0, 0), 0});
  }

  std::size_t rows() const noexcept { return rows_; }
  std::size_t entries() const noexcept { return entries_.size(); }
  entry& operator[](std::size_t index) noexcept { return entries_[index]; }

  bucket& home(std::uint64_t hash) const noexcept {
    return segment_of(hash).first_bucket(hash);
  }
  segment& segment_of(std::uint64_t hash) const noexcept {
    return *entries_[index_of(hash)].rows;
  }
  /// In bytes, of all segments.
  std::size_t capacity() const noexcept { return arena_.bytes(); }
  /// Where the row of `key` is; an empty place if there is none.
  place find(const Key& key, std::uint64_t hash) const {
    return segment_of(hash).probe(key, hash);
  }

  /// The first row of this hash that is `wanted`; an empty place if there is none.
  template <class Wanted>
  place find_where(std::uint64_t hash, Wanted wanted) const {
    return segment_of(hash).find_where(hash, wanted);
  }

  void mark_pending(std::uint64_t hash, place at) noexcept {
    mark_pending(entries_[index_of(hash)], at);
  }

  /// Request from memory what an insert will need, in two steps: where its segment is,
  /// and then what is in it.
  void expect_insert(std::uint64_t hash) const noexcept {
    __builtin_prefetch(&entries_[index_of(hash)]);
  }
  void expect_insert_soon(std::uint64_t hash) const noexcept {
    segment& target = segment_of(hash);
    __builtin_prefetch(&target.used, 1);
    __builtin_prefetch(&target.first_bucket(hash), 1);
  }

  /// A row for a key that has none. `fill` writes key, value and epoch; if it throws,
  /// there is no row.
  template <class Fill>
  place insert(std::uint64_t hash, Fill fill) {
    while (segment_of(hash).full())
      split(hash);
    segment& target = segment_of(hash);
    const place created = target.empty_place(hash);
    fill(created);
    created.in->set_used(created.row);
    ++target.used;
    ++rows_;
    return created;
  }

  /// Other rows may move to other places.
  void erase(place gone, std::uint64_t hash) {
    segment& from = segment_of(hash);
    --from.used;
    --rows_;
    while (gone.in != nullptr) {
      const bool was_full = gone.in->full();
      gone.in->take_out(gone.row);
      if (!was_full)
        break;
      const bucket& gap = *gone.in;
      gone = from.first_beyond(gap);
      if (gone.in != nullptr) // into the gap
        move_row(gone, gone.in->keys[gone.row].hash_of_key());
    }
  }

  /// Takes rows out of the segment of `hash`, those of which `stays(place)` is false. The
  /// others may move within it.
  template <class Stays>
  void thin_out(std::uint64_t hash, Stays stays) {
    segment& of = segment_of(hash);
    entry remade{&of, 0};
    empty_into_scratch(of);
    of.depth = scratch_->depth;
    of.prefix = scratch_->prefix;
    of.window = scratch_->window;
    for (bucket& from : scratch_->buckets)
      for (std::uint32_t row = 0; from.has(row); ++row)
        if (stays(place{&from, row})) {
          copy_row({&from, row}, from.keys[row].hash_of_key(), remade);
          ++of.used;
        }
    rows_ -= scratch_->used - of.used;
    each_entry(of.prefix, of.depth, [&](entry& e) { e = remade; });
  }

  template <class Visit>
  void each_bucket(Visit visit) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (entries_[i].rows->prefix == i) // of the entries of a segment the first
        for (bucket& each : entries_[i].rows->buckets)
          visit(each);
  }

  /// Moves a segment from small pages to a large one, if it has to and can.
  bool settle_some() {
    return arena_.relocate_one([this](const std::byte* from, std::byte* to) {
      std::memcpy(to, from, sizeof(segment));
      auto* moved = reinterpret_cast<segment*>(to);
      each_entry(moved->prefix, moved->depth, [moved](entry& e) { e.rows = moved; });
    });
  }

private:
  static constexpr unsigned depth_max = 32 - segment::bucket_bits; // above: key groups

  std::size_t index_of(std::uint64_t hash) const noexcept {
    return (hash >> segment::bucket_bits) & mask_;
  }

  static void mark_pending(entry& home, place at) noexcept {
    at.in->set_pending(at.row);
    home.marked |= std::uint64_t{1} << home.rows->block_of(at);
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
    for (std::size_t i = prefix; i < entries_.size(); i += std::size_t{1} << depth)
      visit(entries_[i]);
  }

  /// Moves the rows of the segment of `hash` whose next hash bit is set to a new segment,
  /// and closes the gaps they leave.
  [[gnu::noinline]] void split(std::uint64_t hash) {
    segment& full = segment_of(hash);
    const std::uint32_t depth = full.depth;
    WEIR_CHECK(depth < depth_max);
    if ((std::size_t{1} << depth) == entries_.size())
      double_directory();
    const std::uint32_t prefix = full.prefix;
    const std::uint32_t other = prefix | 1U << depth;
    entry halves[] = {{&full, 0}, {new_segment(depth + 1, other), 0}};
    empty_into_scratch(full);
    full.window = halves[1].rows->window = scratch_->window;
    full.depth = depth + 1;
    full.prefix = prefix;
    for (bucket& from : scratch_->buckets)
      for (std::uint32_t row = 0; from.has(row); ++row) {
        const std::uint64_t moved = from.keys[row].hash_of_key();
        entry& to = halves[(moved >> (segment::bucket_bits + depth)) & 1];
        copy_row({&from, row}, moved, to);
        ++to.rows->used;
      }
    each_entry(prefix, depth + 1, [&](entry& e) { e = halves[0]; });
    each_entry(other, depth + 1, [&](entry& e) { e = halves[1]; });
  }

  void empty_into_scratch(segment& from) noexcept {
    std::memcpy(static_cast<void*>(scratch_.get()), &from, sizeof from);
    std::memset(static_cast<void*>(&from), 0, sizeof from);
  }

  void move_row(place from, std::uint64_t hash) {
    copy_row(from, hash, entries_[index_of(hash)]);
  }
  static void copy_row(place from, std::uint64_t hash, entry& to) {
    const place target = to.rows->empty_place(hash);
    target.in->keys[target.row] = from.in->keys[from.row];
    target.in->values[target.row] = from.in->values[from.row];
    target.in->epochs[target.row] = from.in->epochs[from.row];
    target.in->set_used(target.row);
    if (from.in->is_recent(from.row))
      target.in->set_recent(target.row);
    if (from.in->is_pending(from.row))
      mark_pending(to, target);
  }

  /// Both copies of an entry keep its marks: too many are harmless, too few are not. Who
  /// walks the directory meets the copies behind those he has passed.
  void double_directory() {
    const std::size_t old_size = entries_.size();
    entries_.resize(old_size * 2);
    std::copy_n(entries_.begin(), old_size,
                entries_.begin() + static_cast<std::ptrdiff_t>(old_size));
    mask_ = entries_.size() - 1;
  }

  std::size_t rows_ = 0;
  std::size_t mask_ = 0;
  std::vector<entry> entries_; // 2^n; segments of lesser depth repeat
  segment_arena arena_;
  std::unique_ptr<segment> scratch_ =
      std::make_unique_for_overwrite<segment>(); // of who rebuilds a segment
};

} // namespace weir
