// Which checkpoints are under way and who has acknowledged them: pure; it is told the
// time. Whom a checkpoint waits for comes from the execution plan.
//
// A checkpoint: 1. begun  2. acknowledged by every expected task: it is being committed,
// and no longer expires  3. committed  or, before that, aborted. Afterwards everything
// that is said about it is stale. Ids grow, also past those that were aborted.
#pragma once

#include "serialization/checkpoint_metadata.hpp"

#include <chrono>
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
  std::optional<in_flight_metadata> in_flight = {};
  bool ended = false; // the task had, before the barrier
};

class checkpoint_ledger {
public:
  using time = std::chrono::steady_clock::time_point;
  enum class verdict { stale, pending, complete };

  struct trigger {
    time at;
    std::int64_t utc_ms = 0; // the same, for people
    time expires = time::max();
    bool savepoint = false;
    bool full = false; // all rows in files of its own
  };

  explicit checkpoint_ledger(std::size_t tasks) : tasks_(tasks) {}

  /// Requires: ids grow.
  void begin(checkpoint_id id, const trigger& begun);
  verdict acknowledge(checkpoint_id id, task_handle handle);
  /// What the tasks have said, by task, when all have.
  std::vector<task_handle> take_handles(checkpoint_id id);
  /// When it was triggered; none if it has been aborted meanwhile.
  std::optional<trigger> committed(checkpoint_id id);
  /// False if it is not under way.
  bool abort(checkpoint_id id) { return pending_.erase(id) > 0; }
  void abort_all();

  /// When it was triggered; null if it is not under way.
  const trigger* find(checkpoint_id id) const;
  /// Ascending.
  std::vector<checkpoint_id> pending() const;
  /// Those that a newer one which has been committed makes superfluous.
  std::vector<checkpoint_id> older_than(checkpoint_id id) const;
  /// Those that some task has not acknowledged.
  std::vector<checkpoint_id> incomplete() const { return expired(time::max()); }
  /// Those that have taken too long.
  std::vector<checkpoint_id> expired(time now) const;
  /// When the next one will have, if none of them is acknowledged by then.
  std::optional<time> next_expiry() const;

private:
  struct entry {
    trigger begun;
    std::map<task_id, task_handle> acknowledged = {};
    bool complete = false;
  };

  std::size_t tasks_;
  checkpoint_id last_{};
  std::map<checkpoint_id, entry> pending_;
  /// Only a deliberate fault keeps any.
  std::map<task_id, task_handle> of_old_attempt_;
};

} // namespace weir
