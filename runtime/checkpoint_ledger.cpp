#include "runtime/checkpoint_ledger.hpp"

#include "serialization/check.hpp"
#include "serialization/deliberate_fault.hpp"

#include <algorithm>

namespace weir {

void checkpoint_ledger::begin(checkpoint_id id, const trigger& begun) {
  WEIR_CHECK(id > last_);
  last_ = id;
  pending_.emplace(id, entry{begun});
}

checkpoint_ledger::verdict checkpoint_ledger::acknowledge(checkpoint_id id,
                                                          task_handle handle) {
  const auto found = pending_.find(id);
  if (found == pending_.end())
    return verdict::stale;
  entry& at = found->second;
  WEIR_CHECK(handle.task.value < tasks_ && !at.complete);
  const task_id task = handle.task;
  if (auto old = of_old_attempt_.extract(task))
    handle = std::move(old.mapped());
  const bool first = at.acknowledged.emplace(task, std::move(handle)).second;
  WEIR_CHECK(first);
  at.complete = at.acknowledged.size() == tasks_;
  return at.complete ? verdict::complete : verdict::pending;
}

std::vector<task_handle> checkpoint_ledger::take_handles(checkpoint_id id) {
  const auto found = pending_.find(id);
  WEIR_CHECK(found != pending_.end() && found->second.complete);
  std::vector<task_handle> handles;
  for (auto& [task, handle] : std::exchange(found->second.acknowledged, {}))
    handles.push_back(std::move(handle));
  WEIR_CHECK(handles.size() == tasks_); // they are taken once
  return handles;
}

std::optional<checkpoint_ledger::trigger> checkpoint_ledger::committed(checkpoint_id id) {
  const auto found = pending_.find(id);
  if (found == pending_.end())
    return std::nullopt;
  WEIR_CHECK(found->second.complete);
  const trigger begun = found->second.begun;
  pending_.erase(found);
  return begun;
}

void checkpoint_ledger::abort_all() {
  if (fault("acknowledge.of-old-attempt") && !pending_.empty())
    of_old_attempt_ = std::move(pending_.begin()->second.acknowledged);
  pending_.clear();
}

const checkpoint_ledger::trigger* checkpoint_ledger::find(checkpoint_id id) const {
  const auto found = pending_.find(id);
  return found == pending_.end() ? nullptr : &found->second.begun;
}

std::vector<checkpoint_id> checkpoint_ledger::pending() const {
  return older_than({last_.value + 1});
}

std::vector<checkpoint_id> checkpoint_ledger::older_than(checkpoint_id id) const {
  std::vector<checkpoint_id> older;
  for (auto at = pending_.begin(); at != pending_.lower_bound(id); ++at)
    older.push_back(at->first);
  return older;
}

std::vector<checkpoint_id> checkpoint_ledger::expired(time now) const {
  std::vector<checkpoint_id> late;
  for (const auto& [id, at] : pending_)
    if (!at.complete && at.begun.expires <= now)
      late.push_back(id);
  return late;
}

std::optional<checkpoint_ledger::time> checkpoint_ledger::next_expiry() const {
  std::optional<time> next;
  for (const auto& [id, at] : pending_)
    if (!at.complete)
      next = std::min(at.begun.expires, next.value_or(at.begun.expires));
  return next;
}

} // namespace weir
