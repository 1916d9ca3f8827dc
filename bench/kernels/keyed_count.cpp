#include "bench/kernels/keyed_count.hpp"

#include "bench/kernels/actor_threads.hpp"
#include "bench/kernels/keyed_count_actors.hpp"

namespace weir::bench {

run_figures keyed_count(const keyed_count_params& params) {
  actor_threads config(params.parallelism);
  caf::actor_system system(config);
  auto promise = std::make_shared<std::promise<run_figures>>();
  auto result = promise->get_future();
  const auto coordinator = system.spawn<count_coordinator>(params, std::move(promise));
  caf::actor uploader;
  if (params.interval.count() > 0)
    uploader = system.spawn<count_uploader, caf::detached>(params, coordinator);

  const run_clock clock;
  std::vector<caf::actor> sources;
  std::vector<caf::actor> tasks;
  for (std::size_t i = 0; i < params.parallelism; ++i)
    sources.push_back(system.spawn<count_source>(params, i));
  for (std::size_t i = 0; i < params.parallelism; ++i)
    tasks.push_back(
        system.spawn<count_task>(params, i, clock, sources, coordinator, uploader));
  caf::anon_send(coordinator, count_start{sources}, uploader);
  for (const auto& source : sources)
    caf::anon_send(source, count_start{tasks});

  // Where the uploader fails, `get` throws: the sources and tasks end with their stream.
  result.wait();
  if (uploader)
    caf::anon_send_exit(uploader, caf::exit_reason::user_shutdown);
  uploader = nullptr;
  sources.clear();
  tasks.clear();
  return result.get();
}

} // namespace weir::bench
