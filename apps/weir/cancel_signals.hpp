// SIGINT and SIGTERM cancel a job; the second one ends the process at once.
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace weir::cli {

/// Made before any other thread, which inherits that the signals are not for it.
class cancel_signals {
public:
  /// Calls `on_first`, on a thread of its own, when the first signal comes.
  explicit cancel_signals(std::function<void()> on_first);
  ~cancel_signals();
  cancel_signals(const cancel_signals&) = delete;
  cancel_signals& operator=(const cancel_signals&) = delete;

  std::stop_token token() const { return cancel_.get_token(); }
  /// The first signal that came, or 0.
  int received() const noexcept { return received_; }

private:
  void watch();

  std::function<void()> on_first_;
  std::stop_source cancel_;
  std::atomic<int> received_{0};
  std::atomic<bool> over_{false};
  std::thread watcher_; // last: it uses all of the above
};

} // namespace weir::cli
