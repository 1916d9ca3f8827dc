// How large a row may become. What grows beyond is a defect of the job, better told with
// a name than found out when a restore runs out of memory.
#pragma once

#include "state/encoded_rows.hpp"

#include <string>

namespace weir {

/// Of a key, and of a value, as bytes.
constexpr std::size_t row_part_max = std::size_t{64} << 20;

/// Throw failure::job_failed.
[[noreturn]] void refuse_row(const row_sizes& sizes);
[[noreturn]] void refuse_state(const std::string& name, std::size_t bytes);

inline void check_row(const row_sizes& sizes) {
  if (sizes.key > row_part_max || sizes.value > row_part_max) [[unlikely]]
    refuse_row(sizes);
}

} // namespace weir
