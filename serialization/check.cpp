#include "serialization/check.hpp"

#include "serialization/error.hpp"

#include <string>

namespace weir::detail {

void check_failed(const char* condition, const char* file, int line) {
  throw error(failure::job_failed, std::string("internal check failed: ") + condition +
                                       " (" + file + ":" + std::to_string(line) +
                                       "); please report it with this line");
}

} // namespace weir::detail
