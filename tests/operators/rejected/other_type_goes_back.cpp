// expect: what goes back into an iteration has the type of what enters it: .map(...) it
// to that
#include "operators/weir.hpp"

struct reading {
  std::int64_t at;
};

void weir_job(weir::job& job) {
  job.source("readings", weir::collection(std::vector<reading>{{1}}))
      .iterate("loop",
               [](auto all) {
                 const auto shared = all.share();
                 return weir::feedback(shared.map(&reading::at), shared);
               })
      .sink("out", weir::discard());
}
