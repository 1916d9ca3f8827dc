// expect: what goes back into an iteration has timestamps, and what enters it has none:
// give them before .iterate(...)
#include "operators/weir.hpp"

struct reading {
  std::int64_t at;
};

void weir_job(weir::job& job) {
  job.source("readings", weir::collection(std::vector<reading>{{1}}))
      .iterate("loop",
               [](auto all) {
                 const auto timed =
                     all.timestamps(&reading::at, weir::monotonous()).share();
                 return weir::feedback(timed, timed);
               })
      .sink("out", weir::discard());
}
