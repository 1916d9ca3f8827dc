#include "operators/io/collect.hpp"

#include "serialization/error.hpp"

namespace weir::detail {

std::size_t checked_length(std::uint64_t saved, std::size_t records) {
  if (saved > records)
    throw error(failure::restore_refused,
                "the sink collects in memory, and of the " + std::to_string(saved) +
                    " records that the checkpoint covers this program has " +
                    std::to_string(records) +
                    "; only a restart in the same program can "
                    "restore it");
  return saved;
}

} // namespace weir::detail
