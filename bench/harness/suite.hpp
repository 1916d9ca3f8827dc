// What the benchmark programs share: how long a run is, which questions are asked, how
// pairs are run, and what happens to the answers.
#pragma once

#include "bench/harness/bench_flags.hpp"
#include "bench/harness/pairs.hpp"
#include "bench/harness/report.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace weir::bench {

std::pair<std::string, double> param(const char* name, std::uint64_t value);

/// Throws where the two sides of a pair did not answer the same.
void require_same_checksum(const std::string& question, const pair_series& series);

class suite {
protected:
  /// `name` is that of the program without "bench_", and of its figures in the tree.
  suite(bench_flags flags, const std::string& name);

  /// How many records keep `kernel(records)` busy for `seconds`, found by running it,
  /// which also warms the machine up before the first pair.
  std::uint64_t records_for(double seconds,
                            const std::function<run_figures(std::uint64_t)>& kernel,
                            std::uint64_t quick_records = 10'000'000) const;

  /// The length of a run: the question's own, or what a flag says.
  double length(double seconds) const { return flags_.seconds.value_or(seconds); }

  pair_series run_both(const timed_run& engine, const timed_run& kernel) const;

  void add(const question_text& question, const pair_series& series) {
    report_.add(question, series);
  }

  /// Once all questions are answered.
  void write_report() const;

  const bench_flags flags_;

private:
  report report_;
};

/// The body of a benchmark program: flags in, exit code out.
int run_suite(const char* program, int argc, const char* const* argv,
              const std::function<void(bench_flags)>& ask_all);

} // namespace weir::bench
