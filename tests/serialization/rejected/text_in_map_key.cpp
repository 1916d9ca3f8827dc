// expect: field 2 (counts) of page cannot be encoded: it is a map whose keys
#include "serialization/record.hpp"

struct page {
  weir::text url;
  std::map<weir::text, int> counts;
};

static_assert(weir::check_record<page>());
