#include "serialization/byte_reader.hpp"

#include "serialization/check.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

namespace weir {

text_arena& byte_reader::unescaped() const {
  WEIR_CHECK(unescaped_ != nullptr);
  return *unescaped_;
}

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
