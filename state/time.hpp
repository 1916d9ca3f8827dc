// When something happened, as opposed to when it is processed.
#pragma once

#include <chrono>

namespace weir {

/// Microseconds since 1970, UTC.
using event_time = std::chrono::sys_time<std::chrono::microseconds>;

} // namespace weir
