// A program that runs a job inside itself: counts made-up readings by sensor, into
// DIRECTORY/counts, from the beginning or from a checkpoint.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "serialization/error.hpp"

#include <cstdio>

namespace {

struct reading {
  std::uint32_t sensor;
  std::uint32_t celsius;
};

reading measure(std::uint64_t, weir::random_stream& random) {
  return {static_cast<std::uint32_t>(random.below(100)),
          static_cast<std::uint32_t>(random.below(40))};
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: embedded DIRECTORY [CHECKPOINT]\n");
    return 2;
  }
  const std::filesystem::path place = argv[1];
  const auto count_readings = [&](weir::job& job) {
    job.source("readings", weir::generate(300'000, measure).records_per_second(100'000))
        .filter([](const reading& r) { return r.celsius >= 20; })
        .key_by(&reading::sensor)
        .count("counts")
        .sink("lines", weir::write_lines(place / "counts"));
  };
  weir::run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "100ms"},
                   {"execution.checkpointing.dir", place / "checkpoints"}},
  };
  if (argc > 2)
    options.restore_from = argv[2];
  try {
    const weir::job_report report = weir::run(count_readings, options);
    std::printf("finished, %zu checkpoints\n", report.checkpoints.size());
  } catch (const weir::error& problem) {
    std::fprintf(stderr, "error: %s\n", problem.what());
    return static_cast<int>(problem.kind());
  }
}
