// The figures of an earlier report, for whoever asks whether a change has cost anything.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::bench {

/// An answer as a report wrote it. What it had none of is NaN.
struct last_figure {
  std::string question;
  std::map<std::string, double> params;
  double engine = 0;
  double ratio = 0;
  std::string date;
};

class last_figures {
public:
  last_figures() = default;

  /// What `file` says; nothing if it does not exist. Throws std::runtime_error for one
  /// that is no report.
  static last_figures read(const std::filesystem::path& file);

  /// The answer to the same question with the same parameters. The number of records is
  /// none of them: it is calibrated for every report.
  const last_figure* of(const std::string& question,
                        std::map<std::string, double> params) const;

private:
  std::vector<last_figure> figures_;
};

} // namespace weir::bench
