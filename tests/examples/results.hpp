// Runs small jobs to their end, for examples that show what comes out.
#pragma once

#include "operators/weir.hpp"
#include "runtime/run.hpp"

#include <algorithm>

namespace weir::testing {

/// Runs a job that `define` adds to and returns what came out, sorted.
template <class T, class Define>
std::vector<T> results(Define define) {
  const auto out = std::make_shared<weir::collected<T>>();
  weir::job job;
  define(job, weir::collect(out));
  weir::run_request request;
  request.config.parallelism = 2;
  weir::job_observer nobody;
  weir::run(job, request, nobody);
  auto all = out->all();
  std::ranges::sort(all);
  return all;
}

} // namespace weir::testing
