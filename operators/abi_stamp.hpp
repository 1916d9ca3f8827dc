// The stamp by which `weir run` recognises a job library built against the same weir. It
// is a function, not a variable: an inline variable becomes gnu_unique, so every library
// in the process would show the stamp of the first.
#pragma once

#define WEIR_VERSION "0.1.0"

namespace weir {

/// Changes whenever a job library built before cannot run any more.
constexpr const char* abi_stamp = "weir " WEIR_VERSION " abi 1 c++20 gcc-abi "
#if defined(__SANITIZE_ADDRESS__)
                                  "asan";
#elif defined(__SANITIZE_THREAD__)
                                  "tsan";
#else
                                  "plain";
#endif

} // namespace weir

extern "C" [[gnu::used, gnu::visibility("default")]] inline const char*
weir_job_abi_stamp() noexcept {
  return weir::abi_stamp;
}
