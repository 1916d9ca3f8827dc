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

void text_pool::release(const text& gone) noexcept {
  if (gone.size() > block_bytes_max) {
    huge_.erase(gone.data());
    capacity_ -= gone.size();
    return;
  }
  auto* const block = reinterpret_cast<free_block*>(const_cast<char*>(gone.data()));
  free_block*& first = free_[class_of(gone.size())];
  detail::unpoison(block, sizeof *block);
  block->next = first;
  first = block;
  detail::poison(block, bytes_of(class_of(gone.size())));
}

bool text_pool::claim(const text& wanted) {
  const auto is_wanted = [&wanted](const text& each) {
    return each.data() == wanted.data() && each.size() == wanted.size();
  };
  const auto rest = before_.begin() + static_cast<std::ptrdiff_t>(claimed_);
  const auto found = std::find_if(rest, before_.end(), is_wanted);
  if (found == before_.end())
    return false;
  std::rotate(rest, found, found + 1); // the others keep their order
  ++claimed_;
  return true;
}

void text_pool::release_unclaimed() noexcept {
  for (std::size_t i = claimed_; i < before_.size(); ++i)
    release(before_[i]);
}

} // namespace weir
