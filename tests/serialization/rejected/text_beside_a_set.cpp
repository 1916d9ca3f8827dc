// expect: field 2 (seen) of page cannot be encoded: it is neither a plain struct
#include "operators/batch.hpp"

#include <set>

// A batch has to find every text, so what holds one has to be a record.
struct page {
  weir::text url;
  std::set<int> seen;
};

using refused = decltype(weir::batch<page>().size());
