#include "serialization/byte_reader.hpp"

#include "serialization/error.hpp"

#include <fmt/format.h>

namespace weir {

void byte_reader::malformed(const char* what) {
  throw error(failure::restore_refused,
              fmt::format("cannot read a record: {}; its bytes are damaged or of another "
                          "type",
                          what));
}

void byte_reader::cut_short(std::uint64_t wanted) const {
  malformed(
      fmt::format("{} bytes should follow and {} do", wanted, rest().size()).c_str());
}

} // namespace weir
