// expect: field 2 (tags) of click cannot be encoded: it is a C array; use std::array
#include "serialization/record.hpp"

struct click {
  unsigned user;
  int tags[4];
};

static_assert(weir::check_record<click>());
