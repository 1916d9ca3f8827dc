// A virtual machine fetches each page from its host when it is first touched, which may
// take twenty times as long as touching it again. Who comes first would pay for all.
#pragma once

#include <cstddef>

namespace weir::bench {

/// Touches this much memory, or half of what is available, and gives it back.
void warm_memory(std::size_t bytes);

} // namespace weir::bench
