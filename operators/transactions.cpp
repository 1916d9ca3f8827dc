#include "operators/transactions.hpp"

namespace weir::detail {

void refuse_saved_transactions() {
  throw error(failure::restore_refused,
              "what the checkpoint saved for a sink with transactions is none of it; was "
              "it another kind of sink?");
}

} // namespace weir::detail
