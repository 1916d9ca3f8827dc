// expect: field 1 (place) of visits cannot be encoded: it is a floating-point number
#include "serialization/record.hpp"

struct visits {
  std::map<std::pair<double, double>, int> place;
};

static_assert(weir::check_record<visits>());
