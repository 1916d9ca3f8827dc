// expect: field 2 (counts) of click cannot be a key: it is a map
#include "serialization/record.hpp"

struct click {
  std::string user;
  std::map<std::string, int> counts;
};

static_assert(weir::check_key<click>());
