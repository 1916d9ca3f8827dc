// The job whose steps have several inputs and outputs: streams that are shared, split by
// side outputs and connected, with all the state such steps keep, and with event times.
#pragma once

#include "tests/support/counting_job.hpp"

namespace weir::testing {

struct flows_output {
  using sink = std::shared_ptr<collected<running>>;
  static sink fresh() { return std::make_shared<collected<running>>(); }

  sink even = fresh();     // what a step emits
  sink odd = fresh();      // what it emits to its side output
  sink named = fresh();    // joined with another stream, by key
  sink judged = fresh();   // after every rule has come, by broadcast
  sink punctual = fresh(); // neither late nor ahead of the watermark
  sink held = fresh();     // some time after it had come, by a deadline
};

struct flows_job {
  std::uint64_t records = 0;
  std::uint64_t seed = 1;

  flows_output build(job& job) const;
  /// What is wrong with what was written, in one line; empty if nothing is.
  std::string wrong_with(const flows_output& written) const;
};

} // namespace weir::testing
