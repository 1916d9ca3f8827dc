// Who has acknowledged the pending checkpoint: pure. Whom it waits for comes from the
// execution plan.
//
// A checkpoint: 1. begun  2. acknowledged by every expected task -> complete
//               or 2. aborted. Afterwards every acknowledgement of it is stale.
#pragma once

#include "serialization/checkpoint_metadata.hpp"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace weir {

/// What one task contributes to a checkpoint.
struct task_handle {
  task_id task;
  std::optional<keyed_handle> keyed;
  std::vector<std::pair<std::string, file_handle>> operators; // by operator name
};

class checkpoint_ledger {
public:
  enum class verdict { stale, pending, complete };

  explicit checkpoint_ledger(std::size_t tasks) : tasks_(tasks) {}

  /// Requires: nothing is pending, and ids grow.
  void begin(checkpoint_id id);
  verdict acknowledge(checkpoint_id id, task_handle handle);
  /// False if that checkpoint was not pending.
  bool abort(checkpoint_id id);

  std::optional<checkpoint_id> pending() const noexcept { return pending_; }
  /// The handles of the checkpoint that has just become complete, by task.
  std::vector<task_handle> take_handles();

private:
  std::size_t tasks_;
  std::optional<checkpoint_id> pending_;
  checkpoint_id last_{};
  std::map<task_id, task_handle> acknowledged_;
};

} // namespace weir
