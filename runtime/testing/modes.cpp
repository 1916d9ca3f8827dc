#include "runtime/testing/modes.hpp"

#include "serialization/error.hpp"

#include <fmt/format.h>

#include <ostream>

namespace weir::testing {

namespace {

[[noreturn]] void rethrow_in(mode how, failure kind, const char* what) {
  std::throw_with_nested(
      error(kind, fmt::format("in mode '{}': {}", to_string(how), what)));
}

} // namespace

std::string to_string(mode how) {
  switch (how) {
  case mode::whole_batch:
    return "whole batch";
  case mode::single_records:
    return "single records";
  case mode::tiny_outputs:
    return "tiny outputs";
  case mode::restore:
    return "restore";
  case mode::restore_1_to_3:
    return "restore 1->3";
  case mode::restore_3_to_1:
    return "restore 3->1";
  }
  throw error(failure::usage,
              fmt::format("{} is no mode of a test", static_cast<int>(how)));
}

std::ostream& operator<<(std::ostream& out, mode how) {
  return out << to_string(how);
}

void in_modes(std::span<const mode> modes, const std::function<void(mode)>& body) {
  for (const mode how : modes) {
    try {
      body(how);
    } catch (const error& problem) {
      rethrow_in(how, problem.kind(), problem.what());
    } catch (const std::exception& problem) {
      rethrow_in(how, failure::job_failed, problem.what());
    }
  }
}

} // namespace weir::testing
