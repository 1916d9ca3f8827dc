#include "operators/io/read_lines.hpp"

namespace weir {

void read_lines::instance::start(const operator_start& from) {
  if (!from.saved)
    return lines_.start(nullptr);
  const auto left = detail::load_splits(*from.saved);
  lines_.start(&left);
}

} // namespace weir
