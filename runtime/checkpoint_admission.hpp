// When the next checkpoint may begin: pure. One at a time; a periodic trigger that comes
// due while one is pending fires as soon as that one has settled.
#pragma once

namespace weir {

class checkpoint_admission {
public:
  /// The interval has passed. True: begin a checkpoint now.
  bool due() noexcept {
    if (busy_) {
      overdue_ = true;
      return false;
    }
    return busy_ = true;
  }

  /// The pending checkpoint has completed or was aborted. True: begin the next one now.
  bool settled() noexcept {
    busy_ = overdue_;
    overdue_ = false;
    return busy_;
  }

  /// The task set has changed or the job ends: whatever was pending is gone.
  void reset() noexcept { busy_ = overdue_ = false; }

private:
  bool busy_ = false;
  bool overdue_ = false;
};

} // namespace weir
