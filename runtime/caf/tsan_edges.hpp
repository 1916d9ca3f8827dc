// What ThreadSanitizer cannot see: CAF is not compiled with it, so neither the queue that
// a message crosses nor the scheduler that moves an actor from thread to thread orders
// anything in its eyes. These calls state those orders; in every other build they are
// empty. Every use is in this folder.
#pragma once

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace weir {

#ifdef __SANITIZE_THREAD__
/// Whoever acquires `address` after this sees everything that was done before it.
inline void tsan_release(const void* address) {
  __tsan_release(const_cast<void*>(address));
}
inline void tsan_acquire(const void* address) {
  __tsan_acquire(const_cast<void*>(address));
}
#else
inline void tsan_release(const void*) {}
inline void tsan_acquire(const void*) {}
#endif

} // namespace weir
