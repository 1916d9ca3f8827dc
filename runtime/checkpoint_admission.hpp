// When a checkpoint may begin: pure; it is told the time. What is due while it may not
// begin does so as soon as it may, and is owed once, however often it came due.
//
//  1. No more than `concurrent` are under way. Old files are removed before a checkpoint
//     counts as settled, so one that cleans up slowly keeps the next ones back.
//  2. What was asked for goes before what comes due by itself, savepoints first.
//  3. A savepoint has the job for itself: it begins when nothing is under way, and
//  nothing
//     begins until it is over. So its barriers, which overtake nothing, are never between
//     others that do.
//  4. What comes due by itself waits for `min_pause` after the last one that completed.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>

namespace weir {

/// In the order in which they are admitted.
enum class checkpoint_request : std::uint8_t { savepoint, manual, periodic };

struct admission_rules {
  /// Between two that come due by themselves; none do if it is none.
  std::optional<std::chrono::nanoseconds> interval;
  std::chrono::nanoseconds min_pause{};
  std::uint32_t concurrent = 1;
};

class checkpoint_admission {
public:
  using time = std::chrono::steady_clock::time_point;

  explicit checkpoint_admission(const admission_rules& rules);

  /// The tasks run: the first one comes due in an interval.
  void start(time now);
  /// The tasks are stopped: whatever was under way or owed is gone.
  void stop();

  /// Somebody asks for one; what is asked for while the tasks are stopped is forgotten.
  void request(checkpoint_request what) { requested_.insert(what); }

  /// What begins now, if anything may; it is under way from now on. To be asked again
  /// until there is nothing.
  std::optional<checkpoint_request> next(time now);
  /// One of those under way is over.
  void settled(time now, bool completed);

  /// When to ask again, unless one settles or is requested before; none: not by itself.
  std::optional<time> wake_at() const;

private:
  void count_due(time now);
  /// Whether something has to be over first.
  bool blocked() const;
  /// When one that came due by itself may begin, as far as the pause goes.
  time pause_over() const;

  admission_rules rules_;
  std::optional<time> due_; // the next one that comes due by itself
  bool owed_ = false;       // one that came due and has not begun
  std::multiset<checkpoint_request> requested_;
  std::uint32_t under_way_ = 0;
  bool alone_ = false;            // what is under way is a savepoint
  std::optional<time> completed_; // when the last one did
};

} // namespace weir
