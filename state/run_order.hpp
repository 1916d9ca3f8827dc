// The order of a run's rows by key, as unsigned bytes. Called by the uploader on its own
// thread: the task hands rows over in the order of encoding.
#pragma once

#include "state/encoded_rows.hpp"

#include <cstdint>
#include <vector>

namespace weir {

/// Row numbers in ascending order of key.
std::vector<std::uint32_t> run_order(const encoded_rows& rows);

} // namespace weir
