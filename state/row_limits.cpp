#include "state/row_limits.hpp"

#include "serialization/error.hpp"

#include <fmt/format.h>

namespace weir {

void refuse_row(const row_sizes& sizes) {
  const bool key = sizes.key > row_part_max;
  throw error(failure::job_failed,
              fmt::format("a {} of its state has {} bytes, more than 64 MiB; {}",
                          key ? "key" : "value", key ? sizes.key : sizes.value,
                          key ? "choose a smaller key" : "keep less under one key"));
}

void refuse_state(const std::string& name, std::size_t bytes) {
  throw error(failure::job_failed,
              fmt::format("state '{}' of a key has {} bytes, more than 64 MiB; keep less "
                          "under one key",
                          name, bytes));
}

} // namespace weir
