// Memory that is kept and means nothing at present: under AddressSanitizer, reading it is
// an error like reading what was freed. In other builds these do nothing.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
extern "C" {
void __asan_poison_memory_region(void const volatile* begin, std::size_t size);
void __asan_unpoison_memory_region(void const volatile* begin, std::size_t size);
}
#endif

namespace weir::detail {

inline void poison([[maybe_unused]] const void* begin,
                   [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__SANITIZE_ADDRESS__)
  __asan_poison_memory_region(begin, bytes);
#endif
}

inline void unpoison([[maybe_unused]] const void* begin,
                     [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__SANITIZE_ADDRESS__)
  __asan_unpoison_memory_region(begin, bytes);
#endif
}

} // namespace weir::detail
