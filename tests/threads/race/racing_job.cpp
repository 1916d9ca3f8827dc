// A job whose subtasks share a counter without any order between them. It is built with
// ThreadSanitizer only, and the test is that the race is reported, in spite of everything
// that the suppressions leave out.
#include "operators/weir.hpp"
#include "runtime/run.hpp"

#include <cstdint>
#include <memory>

namespace {

struct number {
  std::uint64_t key;
};

} // namespace

int main() {
  weir::job job;
  auto shared = std::make_shared<std::uint64_t>(0);
  job.source("numbers",
             weir::generate(200'000, [](std::uint64_t index,
                                        weir::random_stream&) { return number{index}; }))
      .map([shared](const number& n) { return number{n.key + ++*shared}; })
      .key_by(&number::key)
      .sink("nothing", weir::discard());
  weir::run_request request;
  request.config.parallelism = 2;
  weir::job_observer observer;
  weir::run(job, request, observer);
}
