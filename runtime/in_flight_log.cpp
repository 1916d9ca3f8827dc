#include "runtime/in_flight_log.hpp"

#include "serialization/check.hpp"

#include <algorithm>
#include <utility>

namespace weir {

void in_flight_log::open(checkpoint_id id, std::vector<batch_in_flight> taken) {
  drop();
  of_ = id;
  batches_ = std::move(taken);
}

void in_flight_log::await(in_channel from) {
  WEIR_CHECK(of_ && !awaited_[from]);
  awaited_[from] = true;
  ++awaited_count_;
}

void in_flight_log::delivered(in_channel from) {
  WEIR_CHECK(of_ && awaited_[from]);
  awaited_[from] = false;
  --awaited_count_;
}

void in_flight_log::drop() {
  of_.reset();
  std::fill(awaited_.begin(), awaited_.end(), false);
  awaited_count_ = 0;
  batches_.clear();
}

std::vector<batch_in_flight> in_flight_log::take() {
  WEIR_CHECK(complete());
  of_.reset();
  return std::exchange(batches_, {});
}

} // namespace weir
