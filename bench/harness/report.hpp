// Collects the answers of a benchmark: a line for the reader as each one arrives, and a
// JSON file at the end. A missed target is printed as such and changes nothing else: a
// benchmark is not a test.
#pragma once

#include "bench/harness/pairs.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::bench {

struct target {
  enum class kind { ratio_at_least, engine_at_most };
  kind what = kind::ratio_at_least;
  double bound = 0;
};

/// One question as it stands in the report.
struct question_text {
  std::string name;
  /// In the order they are to be read, e.g. {"keys", 1e6}.
  std::vector<std::pair<std::string, double>> params;
  std::string unit = "M records/s";
  std::optional<target> goal = std::nullopt;
  /// The value of a run that is compared; higher is better wherever there is a ratio.
  std::function<double(const run_figures&)> score = throughput;
  /// Names of extra figures to print for both sides (their medians).
  std::vector<std::string> extras = {};
};

class report {
public:
  /// Prints the answer and keeps it for the file.
  void add(const question_text& question, const pair_series& series);

  /// Writes an array of {"question","params","engine","kernel","unit","ratio","runs"};
  /// `engine`, `kernel` and `ratio` are medians, `runs` has one object per pair.
  void write_json(const std::filesystem::path& file) const;

private:
  std::vector<std::string> answers_;
};

} // namespace weir::bench
