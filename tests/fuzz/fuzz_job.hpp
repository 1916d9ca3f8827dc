// The job that the targets restore: that of tests/runtime/sample_job.hpp.
#pragma once

#include "runtime/execution_plan.hpp"
#include "tests/runtime/sample_job.hpp"

namespace weir::fuzz {

inline const job_graph& sample_graph() {
  static const job sample = [] {
    job made;
    test::define_sample(made, 10);
    return made;
  }();
  return sample.graph();
}

} // namespace weir::fuzz
