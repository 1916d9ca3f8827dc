#include "bench/kernels/count_table.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>

namespace weir::bench {

void count_table::unmap::operator()(slot* slots) const {
  ::munmap(slots, bytes);
}

count_table::count_table(std::uint64_t keys)
    : slots_(nullptr, unmap{0}),
      mask_(std::bit_ceil(std::max<std::uint64_t>(1024, keys * 2)) - 1) {
  const auto bytes = (mask_ + 1) * sizeof(slot);
  void* memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc();
  slots_ = {static_cast<slot*>(memory), unmap{bytes}};
  // A probe is a random access: on small pages it would miss the TLB as well. Advice
  // only, so the result does not matter.
  ::madvise(memory, bytes, MADV_HUGEPAGE);
  // Not even the dirty lists ever grow: a reallocation would be a pause of its own.
  dirty_.reserve(keys);
  sealed_.reserve(keys);
}

void count_table::seal() {
  sealed_.swap(dirty_);
  dirty_.clear();
  encoded_up_to_ = 0;
  ++epoch_;
  run_ = std::make_shared<count_run>();
  run_->reserve(sealed_.size());
}

bool count_table::encode(std::size_t rows_max) {
  constexpr std::size_t ahead = 16;
  const auto end = std::min(sealed_.size(), encoded_up_to_ + rows_max);
  for (; encoded_up_to_ < end; ++encoded_up_to_) {
    if (encoded_up_to_ + ahead < end)
      __builtin_prefetch(&slots_[sealed_[encoded_up_to_ + ahead]], 1);
    slot& s = slots_[sealed_[encoded_up_to_]];
    if (s.epoch == epoch_ - 1 && s.encoded == 0)
      append(s);
  }
  return encoded_up_to_ == sealed_.size();
}

std::uint64_t count_table::checksum() const {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i <= mask_; ++i)
    if (slots_[i].epoch != 0)
      sum += static_cast<std::uint64_t>(slots_[i].count) * hash_of(slots_[i].key);
  return sum;
}

} // namespace weir::bench
