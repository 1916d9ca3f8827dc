#include "state/text_pool.hpp"

#include <algorithm>
#include <bit>
#include <functional>

namespace weir {

namespace {

constexpr std::size_t step = 16;
constexpr std::size_t steps_of_16 = 4; // above 64 bytes sizes grow by powers of two
constexpr std::size_t chunk_bytes_min = std::size_t{4} << 10;
constexpr std::size_t chunk_bytes_max = std::size_t{256} << 10;
constexpr std::size_t many = 16; // texts in a value that are better searched than scanned

} // namespace

std::size_t text_pool::class_of(std::size_t bytes) noexcept {
  if (bytes <= step * steps_of_16)
    return (bytes - 1) / step;
  const auto power = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 1; // >= 6
  return power * 4 - 20 + ((bytes - 1) >> (power - 2) & 3);
}

std::size_t text_pool::bytes_of(std::size_t size_class) noexcept {
  if (size_class < steps_of_16)
    return (size_class + 1) * step;
  const std::size_t power = size_class / 4 + 5;
  return (size_class % 4 + 5) << (power - 2);
}

text text_pool::copy(const text& from) {
  if (!from.is_long())
    return from;
  char* const to = allocate(from.size());
  std::memcpy(to, from.data(), from.size());
  return from.moved_to(to);
}

char* text_pool::allocate(std::size_t bytes) {
  if (bytes > block_bytes_max) {
    auto memory = std::make_unique_for_overwrite<char[]>(bytes);
    char* const begin = memory.get();
    huge_.emplace(begin, std::move(memory));
    capacity_ += bytes;
    return begin;
  }
  free_block*& first = free_[class_of(bytes)];
  char* block = reinterpret_cast<char*>(first);
  if (first == nullptr) {
    block = new_block(bytes_of(class_of(bytes)));
    detail::unpoison(block, bytes);
  } else {
    detail::unpoison(first, std::max(bytes, sizeof *first));
    first = first->next;
  }
  return block;
}

char* text_pool::new_block(std::size_t bytes) {
  if (static_cast<std::size_t>(end_ - next_) < bytes) {
    const std::size_t size =
        std::max(bytes, std::clamp(capacity_, chunk_bytes_min, chunk_bytes_max));
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    next_ = chunks_.back().get();
    end_ = next_ + size;
    capacity_ += size;
    detail::poison(next_, size);
  }
  return std::exchange(next_, next_ + bytes);
}

void text_pool::release(const char* gone, std::size_t bytes) noexcept {
  if (bytes > block_bytes_max) {
    huge_.erase(gone);
    capacity_ -= bytes;
    return;
  }
  auto* const block = reinterpret_cast<free_block*>(const_cast<char*>(gone));
  const std::size_t size_class = class_of(bytes);
  detail::unpoison(block, sizeof *block);
  block->next = std::exchange(free_[size_class], block);
  detail::poison(block, bytes_of(size_class));
}

void text_pool::sort_if_many() {
  if (before_.size() > many)
    std::ranges::sort(before_, std::less<>(), &held::at);
}

bool text_pool::claim(const text& wanted) {
  const auto found =
      before_.size() > many
          ? std::ranges::lower_bound(before_, wanted.data(), std::less<>(), &held::at)
          : std::ranges::find(before_, wanted.data(), &held::at);
  if (found == before_.end() || found->at != wanted.data() ||
      found->bytes != wanted.size())
    return false;
  return !std::exchange(found->claimed, true);
}

void text_pool::release_unclaimed() noexcept {
  for (const held& each : before_)
    if (!each.claimed)
      release(each.at, each.bytes);
}

} // namespace weir
