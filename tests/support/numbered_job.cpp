#include "tests/support/numbered_job.hpp"

#include "tests/support/files.hpp"

#include <algorithm>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t keys = 31;

struct numbered {
  std::uint64_t key;
  std::uint64_t number;
};

numbered make(std::uint64_t number, random_stream&) {
  return {number * number % keys, number};
}

} // namespace

void numbered_job::build(job& job, const fs::path& output) const {
  const auto source = generate(records, make).records_per_second(30'000);
  job.source("records", source)
      .key_by(&numbered::key)
      .count("counts")
      .sink("published", write_lines((output / "published").string()).transactional());
  job.source("numbers", source)
      .rebalance()
      .sink("appended", write_lines((output / "appended").string()));
}

std::string numbered_job::wrong_with(const fs::path& output) const {
  std::map<std::uint64_t, std::uint64_t> counted;
  std::vector<std::string> counts, numbers;
  for (std::uint64_t i = 0; i < records; ++i) {
    random_stream none(0, 0);
    const numbered record = make(i, none);
    const std::string key = std::to_string(record.key);
    counts.push_back(key + "," + std::to_string(++counted[record.key]));
    numbers.push_back(key + "," + std::to_string(i));
  }
  const auto differs = [&](const char* sink, std::vector<std::string> expected) {
    std::ranges::sort(expected);
    const auto written = fs::exists(output / sink) ? sorted_lines(output / sink)
                                                   : std::vector<std::string>();
    return written == expected
               ? ""
               : std::string(sink) + " has " + std::to_string(written.size()) +
                     " lines instead of " + std::to_string(expected.size()) +
                     ", or other ones; ";
  };
  return differs("published", counts) + differs("appended", numbers);
}

std::map<fs::path, std::string> published_in(const fs::path& output) {
  std::map<fs::path, std::string> published;
  if (fs::exists(output / "published"))
    for (const fs::path& file : files_in(output / "published"))
      published[file] = read_text(file);
  return published;
}

} // namespace weir::testing
