// Collects the answers of a benchmark: a line for the reader as each one arrives, and a
// JSON file at the end. A missed target is printed as such and changes nothing else: a
// benchmark is not a test.
#pragma once

#include "bench/harness/last_figures.hpp"
#include "bench/harness/pairs.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::bench {

struct target {
  enum class kind { ratio_at_least, engine_at_least, engine_at_most };
  kind what = kind::ratio_at_least;
  double bound = 0;
};

constexpr target ratio_of_at_least(double bound) {
  return {target::kind::ratio_at_least, bound};
}
constexpr target at_least(double bound) {
  return {target::kind::engine_at_least, bound};
}
constexpr target at_most(double bound) {
  return {target::kind::engine_at_most, bound};
}

/// One question as it stands in the report.
struct question_text {
  std::string name;
  /// In the order they are to be read, e.g. {"keys", 1e6}.
  std::vector<std::pair<std::string, double>> params;
  std::string unit = "M records/s";
  std::optional<target> goal = std::nullopt;
  /// The value of a run that is compared.
  std::function<double(const run_figures&)> score = throughput;
  /// What the ratio follows: it is above 1 where the engine is better than the kernel.
  bool less_is_better = false;
  /// Names of extra figures to print for both sides (their medians).
  std::vector<std::string> extras = {};
};

class report {
public:
  explicit report(last_figures last) : last_(std::move(last)) {}

  /// Prints the answer and keeps it for the files.
  void add(const question_text& question, const pair_series& series);

  /// Writes an array of {"question","params","engine","kernel","unit","ratio","date",
  /// "machine","runs"}; `engine`, `kernel` and `ratio` are medians, `runs` has one object
  /// per pair. Such a file is what a later report compares with.
  void write_json(const std::filesystem::path& file) const;

  /// Writes the answers as a table in Markdown, under the date and the machine.
  void write_table(const std::filesystem::path& file) const;

private:
  last_figures last_;
  std::vector<std::string> answers_;
  std::vector<std::string> rows_;
};

} // namespace weir::bench
