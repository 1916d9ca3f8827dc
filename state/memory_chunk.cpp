#include "state/memory_chunk.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace weir {

namespace {

constexpr std::size_t small_page = 4096;

/// Null when memory is short.
std::byte* map(std::size_t bytes) noexcept {
  void* mapped =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mapped == MAP_FAILED ? nullptr : static_cast<std::byte*>(mapped);
}

} // namespace

memory_chunk::memory_chunk(std::size_t bytes) : begin_(map(bytes)), bytes_(bytes) {
  if (begin_ == nullptr)
    throw std::bad_alloc();
}

std::optional<memory_chunk> memory_chunk::large() noexcept {
  // Mapped with room to spare; what lies before and behind the aligned part goes back.
  std::byte* mapped = map(2 * large_bytes);
  if (mapped == nullptr)
    return std::nullopt;
  const std::size_t misaligned = reinterpret_cast<std::uintptr_t>(mapped) % large_bytes;
  std::byte* begin = mapped + (misaligned == 0 ? 0 : large_bytes - misaligned);
  if (begin != mapped)
    ::munmap(mapped, static_cast<std::size_t>(begin - mapped));
  std::byte* end = begin + large_bytes;
  ::munmap(end, static_cast<std::size_t>(mapped + 2 * large_bytes - end));
  ::madvise(begin, large_bytes, MADV_HUGEPAGE); // advice: without it the pages are small
  touch_pages(begin, large_bytes);
  return memory_chunk(begin, large_bytes);
}

memory_chunk::~memory_chunk() {
  if (begin_ != nullptr)
    ::munmap(begin_, bytes_);
}

void touch_pages(std::byte* begin, std::size_t bytes) noexcept {
  for (std::size_t at = 0; at < bytes; at += small_page)
    *const_cast<volatile std::byte*>(begin + at) = std::byte{0};
}

} // namespace weir
