// Runs the plan of a harness in one thread: the drivers of a running job, with channels
// and snapshots in memory, a clock that the test moves, and an order of steps that is
// always the same.
#pragma once

#include "operators/job_graph.hpp"
#include "runtime/testing/modes.hpp"

#include <chrono>
#include <memory>

namespace weir::testing {

/// An input of a harness, whatever its records are: how many may be read.
struct pushed_input {
  std::size_t pushed = 0;                 // by the test
  std::size_t released = 0;               // so many of these a task may read
  bool ended = false;                     // no more will come
  event_time reached = event_time::min(); // as the test says, where records are timed
};

/// What a harness has done besides working records off.
struct harness_counts {
  std::uint64_t restores = 0;   // of all tasks, from a snapshot
  std::uint64_t congestion = 0; // slices after which a task had to wait for its readers
  std::uint64_t late = 0;       // records that on_time left out
};

class harness_engine {
public:
  /// The graph is complete and outlives the engine; chain i begins with inputs[i] for the
  /// first ones. Throws failure::usage for what cannot be run in this mode.
  harness_engine(mode how, job_graph& graph,
                 std::vector<std::shared_ptr<pushed_input>> inputs);
  ~harness_engine();

  /// Works off what was pushed as the mode says; then watermarks follow. Throws what a
  /// task throws, as a running job reports it.
  void work_off(pushed_input& from);
  /// The test has said how far an input has come.
  void pass_watermarks();
  void advance_clock(std::chrono::nanoseconds by);
  processing_time now() const;
  void finish();

  harness_counts counts() const;

private:
  class run;
  std::unique_ptr<run> run_;
};

} // namespace weir::testing
