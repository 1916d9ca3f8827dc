#include "tests/applications/application.hpp"

#include "tests/support/files.hpp"

#include <algorithm>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

/// The lines of all parts, sorted; a line of names that begins every part comes once,
/// first.
std::vector<std::string> lines_of_parts(const fs::path& directory, bool named) {
  std::vector<std::string> names, lines;
  for (const fs::path& part : files_in(directory)) {
    std::vector<std::string> some = lines_of(part);
    if (named && !some.empty()) {
      names.push_back(some.front());
      some.erase(some.begin());
    }
    lines.insert(lines.end(), some.begin(), some.end());
  }
  std::ranges::sort(lines);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  lines.insert(lines.begin(), names.begin(), names.end());
  return lines;
}

std::string first_difference(const std::vector<std::string>& written,
                             const std::vector<std::string>& golden) {
  const auto [at, wanted] = std::ranges::mismatch(written, golden);
  if (at == written.end() && wanted == golden.end())
    return {};
  const std::string got = at == written.end() ? "the end" : "'" + *at + "'";
  const std::string place = std::to_string(1 + (at - written.begin()));
  return wanted == golden.end()
             ? "line " + place + " is too much: " + got
             : "line " + place + " is " + got + " instead of '" + *wanted + "'";
}

} // namespace

const std::vector<application>& applications() {
  static const std::vector<application> all{
      {"word_count", {{"input", "input"}}, {{".", "expected.txt"}}},
      {"csv_to_csv", {{"input", "orders.csv"}}, {{".", "expected.csv"}}},
      {"fraud_rule", {{"payments", "payments.csv"}}, {{".", "expected.csv"}}},
      {"sensor_alarm", {{"readings", "readings.csv"}}, {{".", "expected.csv"}}},
      {"clickstream",
       {{"clicks", "clicks.json"}},
       {{"visits", "expected_visits.json"}, {"robots", "expected_robots.json"}}},
      {"enrichment",
       {{"orders", "orders.csv"}, {"customers", "customers.csv"}},
       {{".", "expected.csv"}}},
      {"broadcast_rules",
       {{"transfers", "transfers.csv"}, {"rules", "rules.csv"}},
       {{".", "expected.csv"}}},
  };
  return all;
}

fs::path application::library() const {
  return fs::path(WEIR_JOBS) / ("lib" + name + ".so");
}

std::map<std::string, std::string> application::options(const fs::path& output) const {
  std::map<std::string, std::string> all{{"output", output}};
  for (const auto& [option, file] : inputs)
    all[option] = fs::path(WEIR_GOLDEN_DIR) / "apps" / name / file;
  return all;
}

std::string application::wrong_with(const fs::path& output) const {
  for (const auto& [directory, file] : outputs) {
    const fs::path golden = fs::path(WEIR_GOLDEN_DIR) / "apps" / name / file;
    const std::string difference =
        first_difference(lines_of_parts(output / directory, golden.extension() == ".csv"),
                         lines_of(golden));
    if (!difference.empty())
      return name + ": " + directory + ": " + difference;
  }
  return {};
}

} // namespace weir::testing
