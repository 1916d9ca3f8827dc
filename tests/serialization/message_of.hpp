// What a parser said, for tests to compare.
#pragma once

#include "serialization/parse_problem.hpp"

#include <optional>

namespace weir::test {

inline std::string message_of(const std::optional<parse_problem>& problem) {
  return problem ? problem->message() : "none";
}

} // namespace weir::test
