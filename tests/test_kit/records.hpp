// Records and functions that several tests of the test kit use.
#pragma once

#include "operators/split.hpp"
#include "runtime/testing.hpp"
#include "serialization/error.hpp"

#include <functional>
#include <string>
#include <vector>

namespace weir::test {

using words = std::vector<std::string>;
using numbers_list = std::vector<std::uint64_t>;

struct reading {
  std::string sensor;
  double celsius;

  auto operator<=>(const reading&) const = default;
};

/// Says when a sensor has been hot for three readings.
struct heat_alarm {
  using output = std::string;
  struct state {
    std::uint32_t hot = 0;
  };

  double limit;

  void process(const reading& r, state& known, auto& out) {
    known.hot = r.celsius > limit ? known.hot + 1 : 0;
    if (known.hot == 3)
      out.emit(r.sensor);
  }
};

/// Numbers the records of its task.
struct numbering {
  using output = std::uint64_t;
  struct task_state {
    std::uint64_t seen = 0;
  };

  void process(std::uint64_t, task_state& known, auto& out) { out.emit(++known.seen); }
};

/// "word count", for each word of a line.
inline auto count_words(auto lines) {
  return lines
      .template flat_map<std::string>(
          [](const std::string& line) { return weir::split(line); })
      .key_by(std::identity{})
      .count("counts")
      .map([](const counted<std::string>& c) {
        return c.key + " " + std::to_string(c.count);
      });
}

/// What was thrown, or nothing.
inline std::string problem_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const error& problem) {
    return problem.what();
  }
  return "";
}

} // namespace weir::test
