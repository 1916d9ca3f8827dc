// expect: field 1 (name) of user cannot be encoded: it is a std::string_view
#include "serialization/record.hpp"

struct user {
  std::string_view name;
};
struct click {
  int amount;
  std::optional<user> by;
};

static_assert(weir::check_record<click>());
