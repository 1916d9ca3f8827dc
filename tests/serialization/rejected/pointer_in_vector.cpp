// expect: field 1 (names) of click cannot be encoded: it is a pointer
#include "serialization/record.hpp"

struct click {
  std::vector<const char*> names;
};

static_assert(weir::check_record<click>());
