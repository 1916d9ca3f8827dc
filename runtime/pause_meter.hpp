// How long a task keeps its thread from others, in CPU time of that thread: what else the
// machine does meanwhile does not count. Reading that clock is a call of the system, so a
// task has a meter only if somebody wants to know. Used on the task's thread.
#pragma once

#include "runtime/job_observer.hpp"

#include <thread>

namespace weir {

class pause_meter {
public:
  void slice_begins();
  /// `left_work`: another slice follows, and the gap until then is measured if it is on
  /// the same thread.
  void slice_ends(bool left_work);
  void barrier_begins();
  void barrier_ends();

  const task_pauses& pauses() const noexcept { return pauses_; }

private:
  task_pauses pauses_;
  std::chrono::nanoseconds slice_began_{};
  std::chrono::nanoseconds slice_ended_{};
  std::chrono::nanoseconds barrier_began_{};
  bool left_work_ = false;
  std::thread::id slice_thread_;
};

} // namespace weir
