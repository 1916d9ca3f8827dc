// WEIR_CHECK guards protocol transitions and both sides of the disk, in release builds
// too: the control plane is rare, so a check there costs nothing.
#pragma once

namespace weir::detail {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

} // namespace weir::detail

#define WEIR_CHECK(condition)                                                            \
  (static_cast<bool>(condition)                                                          \
       ? static_cast<void>(0)                                                            \
       : ::weir::detail::check_failed(#condition, __FILE__, __LINE__))
