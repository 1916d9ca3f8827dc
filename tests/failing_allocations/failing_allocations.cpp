#include "tests/failing_allocations/failing_allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::int64_t> live = 0;
thread_local std::uint64_t to_go = 0; // until one fails; 0: none does
thread_local bool failed = false;
thread_local weir::testing::shortage manner = weir::testing::shortage::passing;

bool fails() noexcept {
  if (to_go == 0 || (failed && manner == weir::testing::shortage::passing))
    return false;
  if (!failed && --to_go > 0)
    return false;
  to_go = 1;
  return failed = true;
}

void* allocate(std::size_t bytes) noexcept {
  void* const memory = fails() ? nullptr : std::malloc(bytes > 0 ? bytes : 1);
  live += memory != nullptr;
  return memory;
}

void* allocate_or_throw(std::size_t bytes) {
  if (void* const memory = allocate(bytes))
    return memory;
  throw std::bad_alloc();
}

void give_back(void* memory) noexcept {
  live -= memory != nullptr;
  std::free(memory);
}

} // namespace

void* operator new(std::size_t bytes) {
  return allocate_or_throw(bytes);
}
void* operator new[](std::size_t bytes) {
  return allocate_or_throw(bytes);
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate(bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate(bytes);
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete[](void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}

namespace weir::testing {

failing_allocation::failing_allocation(std::uint64_t number, shortage how) noexcept {
  failed = false;
  manner = how;
  to_go = number;
}

failing_allocation::~failing_allocation() {
  to_go = 0;
}

bool failing_allocation::has_failed() const noexcept {
  return failed;
}

std::int64_t live_allocations() noexcept {
  return live;
}

} // namespace weir::testing
