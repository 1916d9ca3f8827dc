// Calls a function again and again, on a thread of its own, until it is destroyed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace weir::cli {

class ticker {
public:
  /// The first call comes after one `period`.
  ticker(std::chrono::milliseconds period, std::function<void()> tick)
      : thread_([this, period, tick = std::move(tick)](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          while (!over_.wait_for(lock, stop, period, [] { return false; }) &&
                 !stop.stop_requested())
            tick();
        }) {}

private:
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::jthread thread_; // last: it uses the others, and stops when it is destroyed
};

} // namespace weir::cli
