#include "bench/harness/machine.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

namespace weir::bench {

namespace {

/// What stands behind the first line of `file` that begins with `name`, without blanks
/// and the colon in between.
std::string value_in(const char* file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name)) {
      const auto value = line.find_first_not_of(" \t:", name.size());
      return value == line.npos ? std::string() : line.substr(value);
    }
  return "unknown";
}

} // namespace

std::string date_text() {
  return fmt::format("{:%Y-%m-%d}", fmt::localtime(std::time(nullptr)));
}

std::string machine_text() {
  const auto kilobytes = std::atof(value_in("/proc/meminfo", "MemTotal").c_str());
  return fmt::format("{} x {}, {:.0f} GiB", std::thread::hardware_concurrency(),
                     value_in("/proc/cpuinfo", "model name"), kilobytes / (1 << 20));
}

} // namespace weir::bench
