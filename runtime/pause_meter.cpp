#include "runtime/pause_meter.hpp"

#include <ctime>

namespace weir {

namespace {

std::chrono::nanoseconds thread_cpu_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace

void pause_meter::slice_begins() {
  slice_began_ = thread_cpu_time();
  if (left_work_ && slice_thread_ == std::this_thread::get_id())
    pauses_.gaps.record(slice_began_ - slice_ended_);
}

void pause_meter::slice_ends(bool left_work) {
  slice_ended_ = thread_cpu_time();
  pauses_.slices.record(slice_ended_ - slice_began_);
  slice_thread_ = std::this_thread::get_id();
  left_work_ = left_work;
}

void pause_meter::barrier_begins() {
  barrier_began_ = thread_cpu_time();
}

void pause_meter::barrier_ends() {
  pauses_.barriers.record(thread_cpu_time() - barrier_began_);
}

} // namespace weir
