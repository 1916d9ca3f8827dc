#include "operators/route.hpp"

#include "serialization/error.hpp"

namespace weir::detail {

void refuse_partition(std::uint32_t chosen, std::uint32_t partitions) {
  throw error(failure::job_failed,
              "the function of partition_custom chose partition " +
                  std::to_string(chosen) + " of " + std::to_string(partitions) +
                  "; it must return a number below its second argument");
}

} // namespace weir::detail
