// expect: field 2 (children) of node cannot be encoded: it contains itself
#include "serialization/record.hpp"

struct node {
  int number;
  std::vector<node> children;
};

static_assert(weir::check_record<node>());
