// Counts the clicks of every user: a made-up stream of clicks, partitioned by user, with
// a line `user,count` for every click.
#include "operators/weir.hpp"

namespace {

struct click {
  std::uint64_t user;
  std::uint32_t page;
  bool by_robot;
};

} // namespace

void weir_job(weir::job& job) {
  const std::uint64_t users = job.option("users", 1000);
  const auto make_click = [users](std::uint64_t, weir::random_stream& random) {
    return click{random.below(users), static_cast<std::uint32_t>(random.below(100)),
                 random.below(10) == 0};
  };
  job.source("clicks", weir::generate(job.option("clicks", 1'000'000), make_click)
                           .records_per_second(job.option("per-second", 0)))
      .filter([](const click& c) { return !c.by_robot; })
      .key_by(&click::user)
      .count("counts")
      .sink("lines", weir::write_lines(job.option("output")));
}
