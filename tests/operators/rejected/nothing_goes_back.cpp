// expect: the body of an iteration returns weir::feedback(what goes back, what goes on)
#include "operators/weir.hpp"

struct reading {
  std::int64_t at;
};

void weir_job(weir::job& job) {
  job.source("readings", weir::collection(std::vector<reading>{{1}}))
      .iterate("loop", [](auto all) { return all; })
      .sink("out", weir::discard());
}
