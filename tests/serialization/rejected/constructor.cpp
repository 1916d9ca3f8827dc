// expect: amount cannot be encoded: it is neither a plain struct
#include "serialization/record.hpp"

class amount {
public:
  explicit amount(int cents) : cents_(cents) {}
  int cents() const { return cents_; }

private:
  int cents_;
};

static_assert(weir::check_record<amount>());
