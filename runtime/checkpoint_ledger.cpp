#include "runtime/checkpoint_ledger.hpp"

#include "serialization/check.hpp"

namespace weir {

void checkpoint_ledger::begin(checkpoint_id id) {
  WEIR_CHECK(!pending_ && id > last_);
  pending_ = last_ = id;
  acknowledged_.clear();
}

checkpoint_ledger::verdict checkpoint_ledger::acknowledge(checkpoint_id id,
                                                          task_handle handle) {
  if (pending_ != id)
    return verdict::stale;
  WEIR_CHECK(handle.task.value < tasks_);
  const task_id task = handle.task;
  const bool first = acknowledged_.emplace(task, std::move(handle)).second;
  WEIR_CHECK(first);
  if (acknowledged_.size() < tasks_)
    return verdict::pending;
  pending_.reset();
  return verdict::complete;
}

bool checkpoint_ledger::abort(checkpoint_id id) {
  if (pending_ != id)
    return false;
  pending_.reset();
  acknowledged_.clear();
  return true;
}

std::vector<task_handle> checkpoint_ledger::take_handles() {
  WEIR_CHECK(!pending_ && acknowledged_.size() == tasks_);
  std::vector<task_handle> handles;
  for (auto& [task, handle] : acknowledged_)
    handles.push_back(std::move(handle));
  acknowledged_.clear();
  return handles;
}

} // namespace weir
