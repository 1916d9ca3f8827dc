// expect: field 2 of click cannot be encoded: it is a reference
#include "serialization/record.hpp"

struct click {
  int amount;
  int& total;
};

static_assert(weir::check_record<click>());
