// A presized open-addressing table of counts whose changes are cut into epochs. One task
// owns it; nothing here is locked.
//
// Life of an epoch: 1. the first write to a row appends it to the dirty list  2. `seal`
// swaps the list out and advances the epoch: O(1)  3. `encode` copies sealed rows into
// the run, a bounded number per call; a write to a sealed row not yet copied copies it
// first
// 4. `take_run` hands the run over. At most one epoch is sealed and not yet taken.
#pragma once

#include "bench/kernels/stream.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace weir::bench {

struct count_row {
  std::uint64_t group;
  std::uint64_t key;
  std::int64_t count;
};

/// The rows one checkpoint adds, in the order they were encoded.
using count_run = std::vector<count_row>;

class count_table {
public:
  /// Room for `keys` distinct keys at a load of at most one half.
  explicit count_table(std::uint64_t keys);

  /// Counts the keys of `size` records; `records` may be any array with a `key` member.
  void add(const record* records, std::size_t size) {
    constexpr std::size_t ahead = 16;
    for (std::size_t i = 0; i < size; ++i) {
      if (i + ahead < size)
        __builtin_prefetch(&slots_[hash_of(records[i + ahead].key) & mask_], 1);
      add_one(records[i].key);
    }
  }

  /// Requires: no sealed epoch is pending.
  void seal();

  /// Encodes up to `rows_max` sealed rows; true once all of them are in the run.
  bool encode(std::size_t rows_max);

  /// Requires: `encode` returned true.
  std::shared_ptr<count_run> take_run() { return std::move(run_); }

  bool sealed_pending() const { return run_ != nullptr; }

  /// The sum over all rows of count * hash of the key.
  std::uint64_t checksum() const;

private:
  // `epoch` is that of the last write; 0 means the slot is empty. `encoded` tells whether
  // the row of the sealed epoch is in its run.
  struct slot {
    std::uint64_t key;
    std::int64_t count;
    std::uint32_t epoch;
    std::uint32_t encoded;
  };

  // Zeroed on first touch, on large pages where the system gives them.
  struct unmap {
    std::size_t bytes;
    void operator()(slot* slots) const;
  };

  void add_one(std::uint64_t key) {
    auto i = hash_of(key) & mask_;
    while (slots_[i].epoch != 0 && slots_[i].key != key)
      i = (i + 1) & mask_;
    slot& s = slots_[i];
    if (s.epoch != epoch_) [[unlikely]]
      first_write(s, key, static_cast<std::uint32_t>(i));
    ++s.count;
  }

  void first_write(slot& s, std::uint64_t key, std::uint32_t index) {
    if (run_ && s.epoch == epoch_ - 1 && s.encoded == 0)
      append(s);
    s.key = key;
    s.epoch = epoch_;
    s.encoded = 0;
    dirty_.push_back(index);
  }

  void append(slot& s) {
    run_->push_back({key_group_of(hash_of(s.key)), s.key, s.count});
    s.encoded = 1;
  }

  std::unique_ptr<slot[], unmap> slots_;
  std::uint64_t mask_;
  std::uint32_t epoch_ = 1;
  std::vector<std::uint32_t> dirty_;
  std::vector<std::uint32_t> sealed_;
  std::size_t encoded_up_to_ = 0;
  std::shared_ptr<count_run> run_;
};

} // namespace weir::bench
