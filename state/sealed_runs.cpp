#include "state/sealed_runs.hpp"

#include "serialization/check.hpp"

namespace weir {

void sealed_runs::seal(epoch sealed, std::optional<std::size_t> table_rows) {
  WEIR_CHECK(open_.empty() || open_.back().of + 1 == sealed);
  open_.push_back(
      {sealed, table_rows, std::make_unique<encoded_run>(shape_, max_parallelism_)});
}

encoded_run& sealed_runs::run_of(epoch sealed) {
  WEIR_CHECK(!open_.empty() && sealed >= open_.front().of);
  const std::size_t index = sealed - open_.front().of;
  WEIR_CHECK(index < open_.size());
  return *open_[index].rows;
}

std::optional<epoch> sealed_runs::encoding() const {
  if (open_.empty())
    return std::nullopt;
  return open_.front().of;
}

void sealed_runs::complete_oldest() {
  WEIR_CHECK(!open_.empty());
  sealed_run& oldest = open_.front();
  if (oldest.rows->rows() == oldest.table_rows)
    oldest.rows->set_whole();
  complete_.push_back(std::move(open_.front()));
  open_.pop_front();
}

std::optional<sealed_run> sealed_runs::take() {
  if (complete_.empty())
    return std::nullopt;
  sealed_run run = std::move(complete_.front());
  complete_.pop_front();
  return run;
}

} // namespace weir
